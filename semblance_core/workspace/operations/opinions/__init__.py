"""Operations on how opinions move: ballots before and after a discussion."""
