"""Examples by hand: the size, the sentence, and numbers that a learner changed, kept in session and link."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.shared import models, state, turn, ui
from pages.shared.matrices import Edit, Shown
from pages.shared.model import edits as changes
from pages.shared.model import hand, prose
from pages.shared.model.edits import Edits
from pages.shared.model.prose import _

SIZES = {"hand": _("By hand"), "small": _("Small model")}
OWN = _("Your sentence")
SEED = 1
FEW = 3  # changes of a link that make no sense and are named one by one


def size(slug: str) -> str:
    """ "hand" or "small": the same step on a few numbers for paper, or in the model that ships with the app."""
    return ui.choice(_("Size"), list(SIZES), f"{slug}_size", SIZES.__getitem__)


def example_box(slug: str, presets: Mapping[str, hand.Hand], width: int = hand.WIDTH) -> hand.Hand:
    """One of the page's examples by name, or the travelling sentence with vectors of its words and drawn weights."""
    chosen = ui.choice(_("Example"), [*presets, OWN], f"{slug}_example")
    if chosen != OWN:
        start_afresh(slug, (chosen,))
        return presets[chosen]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(_("Your sentence"), key="text", persist_state="session", live=True)
        seed = ui.number(_("Seed of the weights"), 0, 999, SEED, f"{slug}_seed", width=160)
    try:
        found = hand.example(st.session_state.text, models.word_vectors(), seed, width)
    except ValueError as error:
        st.error(str(error))
        turn.end()
    start_afresh(slug, (*found.words, seed))
    tell(found)
    return found


def start_afresh(slug: str, example: tuple) -> None:
    """Edits are differences from one example, whoever changed it and on which page: another one has none."""
    key = f"{slug}_edits_of"
    if st.session_state.setdefault(key, example) != example:
        forget(slug)
        st.session_state[key] = example


def tell(found: hand.Hand) -> None:
    """What became of words that have no vector, and of those that do not fit."""
    if found.unknown:
        words = ", ".join(f"“{word}”" for word in dict.fromkeys(found.unknown))
        st.caption(prose.fill(_("No vector is known for {words}: such a row is all 0."), words=words))
    if any(map(hand.unspaced, found.unknown)):
        st.caption(_("A script without spaces between its words cannot be cut into words without a dictionary."))
    if found.left_out:
        said = _("By hand there is room for {room} words. Left out at the end: {left}.")
        st.caption(prose.fill(said, room=hand.MOST_WORDS, left=found.left_out))


def edits(slug: str, shapes: Mapping[str, tuple[int, int]]) -> Edits:
    """What was changed on this page, from the session or, at first, from the link; what makes no sense is said."""
    key = f"{slug}_edits"
    if key not in st.session_state:
        st.session_state[key], refused = changes.parse(st.query_params.get(key, ""), shapes)
        for part in refused[:FEW]:
            state.note_bad_link(key, part)
        if len(refused) > FEW:
            state.note(
                prose.fill(_("The link asks for {n:,} more changes that do not exist here."), n=len(refused) - FEW)
            )
    fit = {at: v for at, v in st.session_state[key].items() if changes.within(at, shapes)}
    state.keep(key, changes.write(fit))
    return fit


def editor(slug: str) -> Callable[[Edit], None]:
    """For `matrices.show(on_edit=...)`: what is typed into a panel changes the matrix of the panel's id."""

    def take(edit: Edit) -> None:
        kept = st.session_state.setdefault(f"{slug}_edits", {})
        kept |= {(edit.panel, change.row, change.col): change.value for change in edit.changes}

    return take


def whole_page(shown: Shown) -> None:
    """In a part that is run alone: what was typed into its matrices changes the rest of the page too."""
    if shown.edit:
        st.rerun()


def reset_button(slug: str) -> None:
    """Back to the numbers of the example; shown while something is changed."""
    if changed := len(st.session_state.get(f"{slug}_edits", {})):
        label = prose.fill(_("Undo all changes ({n})"), n=changed)
        st.button(label, key=f"{slug}_reset", icon=":material/undo:", on_click=forget, args=(slug,))


def forget(slug: str) -> None:
    st.session_state[f"{slug}_edits"] = {}
