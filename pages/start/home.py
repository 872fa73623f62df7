from pages.shared import ui

ui.example_box()
