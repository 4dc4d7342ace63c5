package formatter

// labelsKo are the labels of fields, links and buttons: ours and those that
// package alert gives to the facts of a notice.
func labelsKo() map[string]string {
	return map[string]string{
		"Since": "시작", "From – to": "기간", "Where": "위치", "Severity": "심각도", "Dimensions": "차원",
		"Contributor": "기여자", "Rule": "규칙", "Suppressor": "억제 경보", "When": "시각", "Status": "상태",
		"First": "첫 로그", "Filter": "필터", "Account": "계정", "Region": "리전", "Namespace": "네임스페이스", "Name": "이름", "Earlier": "이전 상태",
		"Alarms in ALARM": "발생 중인 경보",

		"Alarm": "경보", "Metric": "지표", "Logs": "로그", "Log stream": "로그 스트림", "Logs Insights": "Logs Insights",
		"Runbook": "런북", "Instance": "인스턴스", "DB instance": "DB 인스턴스", "DB cluster": "DB 클러스터",
		"Function": "함수", "ECS service": "ECS 서비스", "Cluster": "클러스터", "Queue": "대기열", "Table": "테이블",
		"Load balancer": "로드 밸런서", "Target group": "대상 그룹", "Stream": "스트림", "Topic": "주제",
		"State machine": "상태 머신", "Auto Scaling group": "Auto Scaling 그룹",

		"Action": "작업", "Actions enabled": "작업 활성화", "Affected": "영향받는 리소스", "Alert": "알림 조건",
		"Anomaly": "이상 비용", "Answer": "응답", "Application": "애플리케이션", "Budget": "예산", "Budget type": "예산 유형",
		"Build": "빌드", "Category": "범주", "Cause": "원인", "Command": "명령", "Console": "콘솔", "Containers": "컨테이너",
		"Control": "제어 항목", "Count": "횟수", "Critical": "심각", "Deployment": "배포", "Deployment group": "배포 그룹",
		"Ended": "종료", "End": "종료", "Environment": "환경", "Environment address": "환경 주소", "Error": "오류",
		"Event": "이벤트", "Execution": "실행", "Exit code": "종료 코드", "Expected": "예상 비용", "Expires": "만료",
		"Finding": "결과", "Finding type": "결과 유형", "First seen": "최초 발견", "From": "보낸 사람", "High": "높음",
		"Hook": "수명 주기 후크", "Image": "이미지", "Impact": "영향", "Insight": "인사이트", "Job": "작업", "Keywords": "키워드",
		"Last seen": "최근 발견", "Medium": "중간", "Metrics": "지표", "Next steps": "다음 단계", "Note": "참고",
		"Object": "객체", "Package": "패키지", "Phase": "단계", "Pipeline": "파이프라인", "Principal": "보안 주체",
		"Product": "제품", "Public": "공개", "Reason": "사유", "Remediation": "해결 방법", "Resource": "리소스",
		"Resource type": "리소스 유형", "Resources": "리소스", "Result": "결과", "Review": "검토", "Score": "점수",
		"Service": "서비스", "Size": "크기", "Source": "출처", "Spent": "지출", "Stage": "단계", "Started": "시작",
		"Started by": "시작한 주체", "Start": "시작", "State": "상태", "Stop code": "중지 코드", "Task": "태스크",
		"Threats": "위협", "Threshold": "임계값", "Time": "시각", "To": "받는 사람", "Vault": "볼트",
		"Vulnerability": "취약점",
	}
}
