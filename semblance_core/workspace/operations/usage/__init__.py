"""Operations on usage: whose calls one may read, and what is read of them."""
