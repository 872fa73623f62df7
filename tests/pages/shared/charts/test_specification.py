"""What all charts share."""

import altair as alt

from pages.shared.model.charts import specification


def test_labels_stand_at_their_lines_and_a_charts_own_settings_stay():
    drawn = alt.Chart(alt.NamedData("rows")).mark_point().encode(x="x:Q")
    assert specification(drawn)["config"]["axis"] == {"labelFlush": False}
    config = specification(drawn.configure_axis(labelFlush=True).configure_legend(orient="top"))["config"]
    assert config["axis"]["labelFlush"] is True
    assert config["legend"] == {"symbolOpacity": 1, "orient": "top"}
