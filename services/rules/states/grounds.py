"""On which grounds a case is refused, by which reasons it is closed, and which findings go with them (rulebook 1.3, 2)."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.vocabulary import CloseReason, RefusalGround, Responsibility

LEGAL_BASES: Mapping[RefusalGround, str] = MappingProxyType(
    {
        RefusalGround.OUT_OF_SCOPE: "邮政业用户申诉处理办法 art. 8",
        RefusalGround.NOT_INTERESTED_PARTY: "邮政业用户申诉处理办法 arts 2, 10",
        RefusalGround.AGENT_NOT_AUTHORISED: "邮政业用户申诉处理办法 art. 10",
        RefusalGround.NO_CLEAR_RESPONDENT: "邮政业用户申诉处理办法 art. 9(1)",
        RefusalGround.MISSING_ELEMENTS: "邮政业用户申诉处理办法 art. 9(1)",
        RefusalGround.NOT_COMPLAINED_TO_ENTERPRISE: "邮政业用户申诉处理办法 art. 9(2)",
        RefusalGround.ENTERPRISE_WINDOW_OPEN: "邮政业用户申诉处理办法 art. 9(2); 快递暂行条例 (7 days)",
        RefusalGround.DUPLICATE: "邮政业用户申诉处理办法 art. 9(3)",
        RefusalGround.IN_OTHER_PROCEDURE: "邮政业用户申诉处理办法 art. 9(4)",
        RefusalGround.TIME_BARRED: "邮政业消费者申诉处理办法 (2014) art. 9(6), kept as default",
        RefusalGround.FALSE_INFORMATION: "邮政业用户申诉处理办法, after art. 10",
    }
)
"""Where each ground of refusal stands (rulebook 1.2, 1.3); an officer's request quotes one."""

FINDINGS: Mapping[CloseReason, frozenset[Responsibility]] = MappingProxyType(
    {
        CloseReason.SETTLED: frozenset(Responsibility),
        CloseReason.MEDIATED: frozenset(Responsibility),
        CloseReason.MEDIATION_FAILED: frozenset(Responsibility),
        CloseReason.NO_FAULT_EXPLAINED: frozenset(Responsibility) - {Responsibility.ENTERPRISE},
        CloseReason.UNREACHABLE: frozenset(Responsibility),
        CloseReason.IN_OTHER_PROCEDURE: frozenset({Responsibility.UNDETERMINED}),
        CloseReason.OTHER: frozenset(Responsibility),
    }
)
"""Which findings go with which reason of closing; a case is valid if and only if the finding is ENTERPRISE (rulebook 2)."""

BY_VERIFICATION = frozenset(
    {CloseReason.SETTLED, CloseReason.NO_FAULT_EXPLAINED, CloseReason.UNREACHABLE, CloseReason.OTHER}
)
BY_MEDIATION = frozenset({CloseReason.MEDIATED, CloseReason.MEDIATION_FAILED})
WITHOUT_REPLY = frozenset({CloseReason.OTHER, CloseReason.SETTLED, CloseReason.UNREACHABLE})
"""Reasons of closing, by the way that leads there."""
