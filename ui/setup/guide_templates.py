"""Discussion guides to start from, in the form `parse_guide` reads."""

TEMPLATES = {
    "Concept test": """## Habits today
- What do you use for this at the moment, and what do you like about it?
- What annoys you about what there is today?

## The idea
- What are your first thoughts about the idea?
- How would you explain it to a friend in a sentence?
- What is new about it for you, and what is not?

## Fit
- When would it have a place in your life, and when not?
- What would keep you from trying it?

## Price and next step
- What would you expect it to cost, and why?
- What would have to change for you to choose it over what you use today?
""",
    "Usage and attitudes": """## First thoughts
- What comes to mind first when you think of it?
- When did it last play a part in your life?

## Usage
- On which occasions do you use it, and with whom?
- How do you decide which one to buy, and where?
- What do you use instead when you cannot get it?

## Attitudes
- What speaks for it, and what against it?
- Which brands do you trust here, and which not?

## Change
- What has changed in how you use it over the last years?
- What would make you use more of it, and what less?
""",
    "Packaging and message test": """## First glance
- What do you notice first?
- What do you think it is, and whom is it for?

## Message
- What is it telling you, in your own words?
- What do you believe of it, and what not?
- What is unclear, or missing?

## Shelf
- How does it compare with what usually stands next to it?
- Would you pick it up? What decides that?

## Improve
- What is the one thing that you would change?
""",
}
