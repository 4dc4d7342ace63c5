package relay

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
)

// maxOrder is how large an order is at most: some hundred ARNs.
const maxOrder = 64 << 10

// orderOf returns the order that an event is; ok is false for everything else. No event of AWS's has the key in its root, and what
// comes by a topic or a queue is no root.
func orderOf(event []byte) (o Order, ok bool, err error) {
	const key = "alarmrelay"
	if len(event) > maxOrder || !bytes.Contains(event, []byte(`"`+key+`"`)) {
		return Order{}, false, nil
	}
	var root map[string]json.RawMessage
	if json.Unmarshal(event, &root) != nil || root[key] == nil {
		return Order{}, false, nil
	}
	strict := json.NewDecoder(bytes.NewReader(event))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&o); err != nil {
		return Order{}, true, fmt.Errorf("order cannot be read: %w", err)
	}
	return o, true, nil
}

// carryOut does what an order asks for.
func (r *Relay) carryOut(ctx context.Context, o Order) (any, error) {
	long, err := o.Check()
	if err != nil {
		return nil, fmt.Errorf("order refused: %w", err)
	}
	c := r.begin(ctx)
	defer c.end()
	if o.Do != OrderTick && o.Do != OrderMutes {
		c.Log.InfoContext(c.work, "order", "do", string(o.Do), "alarm", o.Alarm, "by", o.By)
	}
	answer := OrderAnswer{Do: o.Do}
	switch o.Do {
	case OrderTick:
		err = c.tick(o.Sources)
	case OrderAck:
		err = c.ack(o, &answer)
	case OrderMute:
		err = c.mute(o, long, &answer)
	case OrderUnmute:
		err = c.unmute(o, &answer)
	case OrderMutes:
		err = c.mutesNow(&answer)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Do, err)
	}
	return answer, nil
}
