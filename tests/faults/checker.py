"""Everything that must hold after a run, whatever happened in it. Pure: evidence in, sentences out."""

from tests.faults.check_alerts import check_alerts
from tests.faults.check_traffic import check_traffic
from tests.faults.check_work import check_work
from tests.faults.evidence import Evidence
from tests.faults.findings import Findings


def check(evidence: Evidence) -> Findings:
    findings = Findings()
    check_alerts(evidence, findings)
    check_work(evidence, findings)
    check_traffic(evidence, findings)
    return findings
