"""Labelled sentences written by rule, to teach how words of sentiment combine."""
