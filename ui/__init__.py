"""The screens, a folder for each area, and the parts that they share."""
