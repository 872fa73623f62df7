"""How each model that ships was made: from its corpus to the files in assets/models/."""
