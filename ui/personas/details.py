"""A persona on the screen: the line about it, its head, and the whole person."""

import streamlit as st

from semblance_core.domain.personas.persona import LIST_FIELDS, TRAITS, Persona, label
from ui.faces.avatar import avatar
from ui.parts.words import md, safe_markdown, shortened

SHORT = ("gender", "location", "occupation", "education", "household", "income_band", "tech_comfort")
LONG = ("shopping_habits", "way_of_speaking")
LARGE_PX = 96
ORIGINS = {
    "generated": md("Recruited from a brief"),
    "manual": md("Added manually"),
    "imported": md("Imported"),
    "recorded": md("From a recorded study"),
}
SIMULATED = md(" by the built-in simulator")


def facts_line(persona: Persona) -> str:
    """Age, occupation and place, as far as they are stated."""
    facts = (str(persona.age or ""), persona.occupation, persona.location)
    return " · ".join(shortened(fact, 48) for fact in facts if fact)


def persona_header(persona: Persona, size_px: int = 52) -> None:
    """Face, name and facts, in a row that fills what is left of its line."""
    with st.container(horizontal=True, vertical_alignment="center", width="stretch", wrap=False):
        st.image(avatar(persona.name, persona), width=size_px, alt=f"Portrait of {persona.name}")
        with st.container(gap=None):
            name = safe_markdown(persona.name)
            st.markdown(f"## {name}" if size_px >= LARGE_PX else f"**{name}**")
            st.caption(safe_markdown(facts_line(persona)) or "No details yet")


def persona_details(persona: Persona) -> None:
    """Everything that the model is told about the persona, below its head."""
    if persona.quote:
        st.markdown(f"> {safe_markdown(persona.quote)}")
    if persona.backstory:
        st.markdown(safe_markdown(persona.backstory))
    stated = [name for name in (*SHORT, *LIST_FIELDS, *LONG) if getattr(persona, name)]
    if stated:
        with st.grid(2, min_column_width=240, gap=("xsmall", "medium")) as grid:
            for name in stated:
                value = getattr(persona, name)
                text = "; ".join(value) if isinstance(value, tuple) else value
                grid.markdown(md(":gray[:small[{}]]  \n{}", label(name).capitalize(), text))
    st.markdown("**Traits**", help="0–100; 50 is the population average")
    if not persona.states_traits:
        st.caption("Big Five: not stated")
    levels = {trait.capitalize(): getattr(persona.big_five, trait) for trait in TRAITS if persona.states_traits}
    with st.grid(2, min_column_width=240, gap=("xsmall", "medium")) as grid:
        for trait, level in {**levels, "Talkativeness": persona.talkativeness}.items():
            grid.progress(level / 100, text=md("{} {}", trait, level))
    origin(persona)


def origin(persona: Persona) -> None:
    """Draws the persona's origin, with the brief that it was recruited from."""
    st.caption(f"{ORIGINS[persona.origin]}{SIMULATED if persona.simulated else ''}")
    if persona.source_brief:
        st.caption(f"Brief: {safe_markdown(shortened(persona.source_brief, 400))}")
