package main

import (
	"strconv"

	"github.com/charmbracelet/lipgloss"
)

// paint returns the colour #rrggbb for every kind of terminal. With 256 colours it is
// the nearest of the 6x6x6 cube: lipgloss's own choice takes some reds for black.
func paint(hex string) lipgloss.TerminalColor {
	n, err := strconv.ParseUint(hex[min(1, len(hex)):], 16, 32)
	if err != nil {
		return lipgloss.Color(hex)
	}
	red, green, blue := int(n>>16&0xff), int(n>>8&0xff), int(n&0xff)
	cube := 16 + 36*cubeStep(red) + 6*cubeStep(green) + cubeStep(blue)
	return lipgloss.CompleteColor{TrueColor: hex, ANSI256: strconv.Itoa(cube), ANSI: basic(red, green, blue)}
}

// cubeStep is the nearest of the cube's levels 0, 95, 135, 175, 215 and 255.
func cubeStep(level int) int {
	switch {
	case level < 48:
		return 0
	case level < 115:
		return 1
	}
	return (level - 35) / 40
}

// basic is the nearest in hue of the sixteen colours: bright red, green, yellow, blue, or grey.
func basic(red, green, blue int) string {
	high, low := max(red, green, blue), min(red, green, blue)
	switch {
	case high-low < 40:
		return "7"
	case red == high && green > (high+low)/2:
		return "11"
	case red == high:
		return "9"
	case green == high:
		return "10"
	}
	return "12"
}
