"""Surveys: a questionnaire put to a panel without discussion; the list, the form that begins one, and one survey's results."""

import streamlit as st

from ui.app import gate, shell
from ui.parts.routes import open_page, page_at
from ui.parts.widgets import empty_state
from ui.parts.words import md
from ui.surveys.listing import survey_list
from ui.surveys.making import make_survey
from ui.surveys.one import survey_view

NEW = "new"

ws = gate.workspace()
if survey_id := st.query_params.get("id", ""):
    survey = ws.surveys.get(survey_id)
    shell.show_project(ws, survey.project_id, md("Survey"))
    st.page_link(page_at("surveys"), label="All surveys", icon=":material/arrow_back:")
    survey_view(ws, survey)
else:
    project = shell.project(ws)
    if NEW in st.query_params:
        st.title("New survey")
        st.page_link(page_at("surveys"), label="All surveys", icon=":material/arrow_back:")
        make_survey(ws, project)
    else:
        st.title("Surveys")
        if st.button("New survey", type="primary", icon=":material/add:"):
            open_page("surveys", {NEW: "1"})
        if ws.surveys.of_project(project.id):
            survey_list(ws, project.id)
        else:
            words = md(
                "Put the same questions to up to 500 personas, each by itself and in private: choices, scales, rankings, "
                "numbers, points, open text. You see the estimated cost before it starts."
            )
            empty_state(md(":material/ballot: No surveys yet"), words)
