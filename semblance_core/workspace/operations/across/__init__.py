"""Operations that go across the sessions of a project, or of all of the actor's projects."""
