"""A persona on the screen: the card in a gallery, the whole person, and the form to write one."""

import streamlit as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.persona import LIST_FIELDS, TRAITS, BigFive, Persona, label
from semblance_core.flows.persona_form import PersonaForm
from ui.avatar import avatar
from ui.words import safe_markdown, shortened

SHORT = ("gender", "location", "occupation", "education", "household", "income_band", "tech_comfort")
LONG = ("shopping_habits", "way_of_speaking", "quote", "backstory")


def facts_line(persona: Persona) -> str:
    """Age, occupation and place, as far as they are stated."""
    facts = (str(persona.age or ""), persona.occupation, persona.location)
    return " · ".join(shortened(fact, 48) for fact in facts if fact)


def head(persona: Persona) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.image(avatar(persona.name), width=44)
        with st.container(gap=None):
            st.markdown(f"**{safe_markdown(persona.name)}**")
            st.caption(safe_markdown(facts_line(persona)) or "No details yet")


def whole(persona: Persona) -> None:
    """Everything that the model is told about the persona."""
    head(persona)
    if persona.quote:
        st.markdown(f"> {safe_markdown(persona.quote)}")
    if persona.backstory:
        st.markdown(safe_markdown(persona.backstory))
    left, right = st.columns(2)
    for place, name in enumerate((*SHORT, *LIST_FIELDS, "shopping_habits", "way_of_speaking")):
        value = getattr(persona, name)
        if value:
            text = "; ".join(value) if isinstance(value, tuple) else value
            (left, right)[place % 2].markdown(f"**{label(name).capitalize()}**  \n{safe_markdown(text)}")
    st.markdown("**Traits** (0–100, 50 is the population's middle)")
    levels = {trait.capitalize(): getattr(persona.big_five, trait) for trait in TRAITS} | {
        "Talkativeness": persona.talkativeness
    }
    columns = st.columns(2)
    for place, (trait, level) in enumerate(levels.items()):
        columns[place % 2].progress(level / 100, text=f"{trait} {level}")
    st.caption(_origin(persona))


def form(persona: Persona | None, key: str) -> Persona | None:
    """The form; the persona once it was submitted, with its `InvalidInput` raised where it does not hold."""
    before = persona or Persona(name="(new)")
    with st.form(key, border=False):
        name = st.text_input("Name", value=persona.name if persona else "", max_chars=80)
        age = st.text_input("Age", value=str(before.age or ""), max_chars=3, placeholder="Not stated").strip()
        columns = st.columns(2)
        given = {
            field: columns[place % 2].text_input(label(field).capitalize(), value=getattr(before, field), max_chars=300)
            for place, field in enumerate(SHORT)
        }
        lists = {
            field: st.text_area(
                f"{label(field).capitalize()}, one a line", value="\n".join(getattr(before, field)), height=90
            )
            for field in LIST_FIELDS
        }
        given |= {
            field: st.text_area(label(field).capitalize(), value=getattr(before, field), height=90, max_chars=2_000)
            for field in LONG
        }
        columns = st.columns(2)
        traits = {
            trait: columns[place % 2].slider(trait.capitalize(), 0, 100, getattr(before.big_five, trait))
            for place, trait in enumerate(TRAITS)
        }
        talkativeness = columns[1].slider("Talkativeness", 0, 100, before.talkativeness)
        if not st.form_submit_button("Save", type="primary"):
            return None
    if age and not age.isdecimal():
        raise InvalidInput("The age is a whole number of years, or empty.")
    entered = PersonaForm.model_validate(
        {**given, **{field: text.splitlines() for field, text in lists.items()}, "name": name}
    ).persona()
    return Persona(
        **{
            spec: getattr(entered, spec)
            for spec in PersonaForm.model_fields
            if spec not in ("age", "big_five", "talkativeness")
        },
        age=int(age) if age else None,
        big_five=BigFive(**traits),
        talkativeness=talkativeness,
    )


def _origin(persona: Persona) -> str:
    words = {"generated": "Recruited from a brief", "manual": "Entered by hand", "imported": "Imported"}[persona.origin]
    return words + (" by the built-in simulator" if persona.simulated else "")
