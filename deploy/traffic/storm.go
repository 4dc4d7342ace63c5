package traffic

import (
	"time"

	"alarmrelay/alert"
)

// Storm returns n alarms that fire within some seconds before start and reach the queue together. The one at the place
// critical goes the way of the first route, all others that of the last.
func Storm(n, critical int, start time.Time, routes []Route) []Parcel {
	parcels := make([]Parcel, n)
	for i := range parcels {
		route := routes[len(routes)-1]
		if i == critical {
			route = routes[0]
		}
		a := newAlarm(route.Name, i)
		at := start.Add(-time.Duration(i%4000) * time.Millisecond).Truncate(time.Millisecond)
		c := &Change{Name: a.name, Key: a.arn(), State: alert.StateAlarm, Previous: alert.StateOK, At: at, Since: at.Add(-time.Hour), To: route.To}
		parcels[i] = Parcel{Body: a.notify(c, uuid(4, i)), Change: c}
	}
	return parcels
}
