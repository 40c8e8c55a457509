"""What a check says: sentences about broken promises, and how often something was excused."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Findings:
    """`violations` are sentences; `counted` are the things a promise allows, by what they are."""

    violations: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def broken(self, sentence: str) -> None:
        self.violations.append(sentence)

    def allowed(self, what: str, number: int = 1) -> None:
        self.counted[what] += number

    def text(self) -> str:
        counted = [f"  {number} x {what}" for what, number in sorted(self.counted.items())]
        return "\n".join([*self.violations, "counted:", *(counted or ["  nothing"])])
