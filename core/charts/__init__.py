"""Charts: arrays and labels in, Vega-Lite specifications out. No torch here, and no streamlit.

Building a chart costs a hundred times more than filling it, so each kind is built once, with `@cache`, around data that
is named but not there yet (`alt.NamedData("rows")`); the page gives the rows at each run.
"""

import altair as alt

QUERY, KEY, VALUE, OUTPUT = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
INK = {"light": "#0B121C", "dark": "#E8EDF3"}  # text, as in the theme
MUTED = "#8A94A3"  # what was filtered out; reads on light and dark
WARNING = "#D55E00"


def specification(chart: alt.TopLevelMixin) -> dict:
    """The chart as a plain dict, to be kept and filled again and again."""
    return chart.to_dict()
