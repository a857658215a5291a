"""Which cures a test expects of the catalogue."""

from conformance.comparison.idioms.catalogue import BY_NAME

_BODIES = ("JSON", "table", "XML", "HTML", "text")
LANGUAGES = ("go", "rust", "python", "typescript", "java", "csharp")


def without_cure(name: str, *facts: str) -> list[tuple[str, str]]:
    """Return the facts of an idiom, with the language, for which it has no cure.

    None for what is no idiom.

    Where a fact is wrong by itself, nobody who shows another one is to be changed.
    """
    idiom = BY_NAME.get(name)
    if idiom is None:
        return []
    wanted = [fact for fact in facts if fact in idiom.broken] or facts
    missing = ((fact, language) for fact in wanted for language in LANGUAGES)
    return [
        (fact, language)
        for fact, language in missing
        if not any(
            cure
            for body in _BODIES
            for cure in idiom.cures_for(language, set(fact.split(" or ")), body=body)
        )
    ]
