"""Operations on results that leave the workspace."""
