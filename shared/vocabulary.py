"""The vocabulary of the field, in one place: codes that are stored, sent and counted.

Codes are stored as text by value. The Chinese term stands beside its code. Lists that a regulator
may change without a release (issue taxonomy, refusal grounds, close reasons) are reference data, not enums.
"""

from enum import StrEnum

BUCKETS = 64
"""The key of every case-owned row begins with a bucket 0–63, so that the schema can be spread over machines."""

RULEBOOK_VERSION = "2020"
"""邮政业用户申诉处理办法, in force since 2020-10-01."""


class Channel(StrEnum):
    """The channel of a complaint (rulebook 1.4)."""

    PHONE_12305 = "PHONE_12305"
    WEB = "WEB"
    WECHAT = "WECHAT"
    LETTER = "LETTER"
    FAX = "FAX"
    CARRIER_FEED = "CARRIER_FEED"
    HOTLINE_12345 = "HOTLINE_12345"
    UPPER_BUREAU = "UPPER_BUREAU"


class CaseKind(StrEnum):
    """Kind of a case: each has states, deadlines and audiences of its own (消费者申诉)."""

    CONSUMER_COMPLAINT = "CONSUMER_COMPLAINT"


class CaseScope(StrEnum):
    """Whether the case is live, or imported history of an older system."""

    LIVE = "live"
    IMPORT = "import"


class Business(StrEnum):
    """The two businesses that the circulars count separately."""

    POSTAL = "POSTAL"
    EXPRESS = "EXPRESS"


class BusinessType(StrEnum):
    """Columns of the postal tables (T4, T5): 函件 包件 汇兑 报刊 集邮 其他; express has its own value."""

    LETTER = "LETTER"
    PARCEL = "PARCEL"
    REMITTANCE = "REMITTANCE"
    PERIODICAL = "PERIODICAL"
    PHILATELY = "PHILATELY"
    OTHER = "OTHER"
    EXPRESS = "EXPRESS"


class Role(StrEnum):
    """The complainant's relation to the item (rulebook 1.4)."""

    SENDER = "SENDER"
    ADDRESSEE = "ADDRESSEE"
    OTHER_USER = "OTHER_USER"
    AGENT = "AGENT"


class Status(StrEnum):
    """States of a case (rulebook 2).

    已接收 待补正 不予受理 已并案 已受理 已转办 企业已答复 退回重办 调解中 调解意见已出 结案 撤回 转其他部门
    """

    RECEIVED = "RECEIVED"
    AWAITING_SUPPLEMENT = "AWAITING_SUPPLEMENT"
    REFUSED = "REFUSED"
    MERGED = "MERGED"
    ACCEPTED = "ACCEPTED"
    FORWARDED = "FORWARDED"
    REPLIED = "REPLIED"
    REWORK = "REWORK"
    MEDIATING = "MEDIATING"
    MEDIATION_PROPOSED = "MEDIATION_PROPOSED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    TRANSFERRED = "TRANSFERRED"


ENDED = frozenset({Status.REFUSED, Status.MERGED, Status.CLOSED, Status.WITHDRAWN, Status.TRANSFERRED})
"""Final states: nobody works the case, and no deadline runs."""
OPEN = tuple(status for status in Status if status not in ENDED)


class Level(StrEnum):
    """Handling level (rulebook 8, a project rule): 一般 关注 重点 重大. Higher never lengthens a legal deadline."""

    NORMAL = "L0"
    ATTENTION = "L1"
    KEY = "L2"
    CRITICAL = "L3"


class Urgency(StrEnum):
    """Urgency flags that the intake may declare; each is a trigger of a level (rulebook 8)."""

    ELDERLY = "ELDERLY"
    DISABLED = "DISABLED"
    SERVICEMAN = "SERVICEMAN"
    MINOR = "MINOR"
    REPEAT = "REPEAT"
    MEDIA_EXPOSURE = "MEDIA_EXPOSURE"
    DEPUTY = "DEPUTY"
    SUPERVISED = "SUPERVISED"
    PETITION = "PETITION"
    PRIVACY_LEAK = "PRIVACY_LEAK"
    VIOLENCE_OR_THREAT = "VIOLENCE_OR_THREAT"
    LEADER_INSTRUCTION = "LEADER_INSTRUCTION"
    GROUP_INCIDENT = "GROUP_INCIDENT"
    NETWORK_STOPPAGE = "NETWORK_STOPPAGE"
    SAFETY = "SAFETY"
    DRUGS = "DRUGS"
    DEATH = "DEATH"
    SELF_HARM_THREAT = "SELF_HARM_THREAT"


class Goods(StrEnum):
    """Kinds of contents that raise the level or require care (rulebook 8)."""

    ORDINARY = "ORDINARY"
    MEDICINE = "MEDICINE"
    EXAM_PAPERS = "EXAM_PAPERS"
    COURT_DOCUMENTS = "COURT_DOCUMENTS"
    IDENTITY_DOCUMENTS = "IDENTITY_DOCUMENTS"


class EnterpriseOutcome(StrEnum):
    """The outcome of the complaint (投诉) to the enterprise that precedes this complaint (申诉) to the regulator."""

    NOT_COMPLAINED = "NOT_COMPLAINED"
    PENDING = "PENDING"
    UNPROCESSED = "UNPROCESSED"
    DISSATISFIED = "DISSATISFIED"
    CHANNEL_BLOCKED = "CHANNEL_BLOCKED"


class OtherProcedure(StrEnum):
    """Another procedure that deals with the matter already (admission check 6)."""

    NONE = "NONE"
    LITIGATION = "LITIGATION"
    ARBITRATION = "ARBITRATION"
    ADMINISTRATIVE_RULING = "ADMINISTRATIVE_RULING"
    PEOPLES_MEDIATION = "PEOPLES_MEDIATION"
    CRIMINAL_INVESTIGATION = "CRIMINAL_INVESTIGATION"
    ADMINISTRATIVE_PUNISHMENT = "ADMINISTRATIVE_PUNISHMENT"


class Responsibility(StrEnum):
    """Finding of a closed case; valid (有效申诉) if and only if ENTERPRISE (rulebook 2)."""

    ENTERPRISE = "ENTERPRISE"
    NONE = "NONE"
    USER = "USER"
    FORCE_MAJEURE = "FORCE_MAJEURE"
    UNDETERMINED = "UNDETERMINED"


class FailingLink(StrEnum):
    """Link of the enterprise's chain in which the service failed: 揽收 分拣 干线 派送 客服 驿站快递柜."""

    COLLECT = "COLLECT"
    SORT = "SORT"
    LINEHAUL = "LINEHAUL"
    DELIVERY = "DELIVERY"
    CUSTOMER_SERVICE = "CUSTOMER_SERVICE"
    STATION_LOCKER = "STATION_LOCKER"


class BureauLevel(StrEnum):
    """Rank of a postal administration."""

    NATIONAL = "NATIONAL"
    PROVINCE = "PROVINCE"
    CITY = "CITY"


class RegionLevel(StrEnum):
    """Rank of an administrative division (GB/T 2260)."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"


class RefusalGround(StrEnum):
    """Grounds on which an officer may refuse to accept a case (不予受理, rulebook 1.3)."""

    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NOT_INTERESTED_PARTY = "NOT_INTERESTED_PARTY"
    AGENT_NOT_AUTHORISED = "AGENT_NOT_AUTHORISED"
    NO_CLEAR_RESPONDENT = "NO_CLEAR_RESPONDENT"
    MISSING_ELEMENTS = "MISSING_ELEMENTS"
    NOT_COMPLAINED_TO_ENTERPRISE = "NOT_COMPLAINED_TO_ENTERPRISE"
    ENTERPRISE_WINDOW_OPEN = "ENTERPRISE_WINDOW_OPEN"
    DUPLICATE = "DUPLICATE"
    IN_OTHER_PROCEDURE = "IN_OTHER_PROCEDURE"
    TIME_BARRED = "TIME_BARRED"
    FALSE_INFORMATION = "FALSE_INFORMATION"


class MissingItem(StrEnum):
    """The elements that a user can be asked to supply (rulebook 1.4; 2014 art. 9(3))."""

    REQUEST = "REQUEST"
    WAYBILL = "WAYBILL"
    MAILED_ON = "MAILED_ON"
    ENTERPRISE_COMPLAINT = "ENTERPRISE_COMPLAINT"
    AUTHORISATION = "AUTHORISATION"
    IDENTITY = "IDENTITY"
    CONTACT = "CONTACT"
    PLACE = "PLACE"
    ENTERPRISE = "ENTERPRISE"
    EVIDENCE = "EVIDENCE"
    OTHER = "OTHER"


class CloseReason(StrEnum):
    """Why a case was closed (rulebook 2): 和解 调解达成 调解不成 企业无责已沟通 无法联系 进入其他程序 其他."""

    SETTLED = "SETTLED"
    MEDIATED = "MEDIATED"
    MEDIATION_FAILED = "MEDIATION_FAILED"
    NO_FAULT_EXPLAINED = "NO_FAULT_EXPLAINED"
    UNREACHABLE = "UNREACHABLE"
    IN_OTHER_PROCEDURE = "IN_OTHER_PROCEDURE"
    OTHER = "OTHER"


class ReworkGround(StrEnum):
    """Grounds for returning a reply (退回重办, old art. 22): it violates agreement or rules, or the user contradicts it."""

    TREATMENT_BREAKS_RULES = "TREATMENT_BREAKS_RULES"
    ACCOUNT_DIFFERS = "ACCOUNT_DIFFERS"


class DeadlineKind(StrEnum):
    """The kinds of deadlines of a case; each value is the key of its rule, or the beginning of the key (level, region)."""

    ACCEPTANCE = "acceptance"
    SUPPLEMENT = "supplement"
    FORWARD = "forward"
    ENTERPRISE_REPLY = "enterprise_reply"
    RETURN_VISIT = "return_visit"
    SECOND_CALL = "second_call"
    REWORK_REPLY = "rework_reply"
    MEDIATION = "mediation"
    MEDIATION_ANSWER = "mediation_answer"
    TOTAL = "total"
    CLAIM = "claim"
    FIRST_CONTACT = "first_contact"
    PROGRESS_REPORT = "progress_report"
    CLOSE_TARGET = "close_target"
    HOTLINE_SIGN = "hotline_sign"
    HOTLINE_ANSWER = "hotline_answer"


class Step(StrEnum):
    """The steps at which a deadline is reported (rulebook 3, a project rule), in the order of severity."""

    HALF = "HALF"
    FOUR_FIFTHS = "FOUR_FIFTHS"
    LAST_DAY = "LAST_DAY"
    OVERDUE = "OVERDUE"
    LONG_OVERDUE = "LONG_OVERDUE"


class PauseBasis(StrEnum):
    """Legal bases on which an internal deadline may be paused; the statutory 30 days never are."""

    SUPPLEMENT = "SUPPLEMENT"
    FORCE_MAJEURE = "FORCE_MAJEURE"
    OTHER_PROCEDURE = "OTHER_PROCEDURE"
    APPRAISAL = "APPRAISAL"
