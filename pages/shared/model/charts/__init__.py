"""Charts: arrays and labels in, Vega-Lite specifications out. No torch here, and no streamlit.

Building a chart costs a hundred times more than filling it, so each kind is built once, with `@cache`, around data that
is named but not there yet (`alt.NamedData("rows")`); the page gives the rows at each run.
"""

import altair as alt

QUERY, KEY, VALUE, OUTPUT = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
INK = {"light": "#0B121C", "dark": "#E8EDF3"}  # text, as in the theme
PAGE = {"light": "#FFFFFF", "dark": "#10151C"}  # what it stands on
MUTED = "#8A94A3"  # what was filtered out; reads on light and dark
WARNING = "#D55E00"


def specification(chart: alt.TopLevelMixin) -> dict:
    """The chart as a plain dict, to be kept and filled again and again.

    Each label of an axis stands at its line, the first and the last too; a legend's signs are as strong as its marks.
    """
    made = chart.to_dict()
    config = made.get("config", {})
    axis = {"labelFlush": False} | config.get("axis", {})
    legend = {"symbolOpacity": 1} | config.get("legend", {})
    return made | {"config": config | {"axis": axis, "legend": legend}}
