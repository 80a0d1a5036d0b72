package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A dashboard holds the parts of otelurlr/dashboard.json that the test checks.
type dashboard struct {
	UID        string
	Title      string
	Templating struct {
		List []struct {
			Name  string
			Query json.RawMessage // a string, or an object that contains one
		}
	}
	Panels []struct {
		ID      int
		Title   string
		Targets []struct{ Expr, LegendFormat string }
	}
}

func readDashboard(t *testing.T) (d dashboard) {
	t.Helper()
	file, err := os.ReadFile("../../otelurlr/dashboard.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(file, &d))
	return d
}

var (
	metricName    = regexp.MustCompile(`\b(urlr_\w+?)(?:\{|, )`)           // before its labels, or in label_values
	selectedLabel = regexp.MustCompile(`\b(\w+)(?:=|!=|=~|!~)"`)           // in braces
	groupedLabels = regexp.MustCompile(`\bby \(([^)]*)\)|\{\{([^}]*)\}\}`) // of an expression, or of a legend
	suffix        = regexp.MustCompile(`_(?:bucket|count|sum|total)$`)     // of a sample
)

// The dashboard queries only metrics and labels that the Prometheus exporter writes, and shows
// every metric.
func TestDashboard(t *testing.T) {
	url, metricsURL := startReceiver(t, failingIfDown)
	sendEach(t, url)
	labels := labelsOf(scrapeAll(t, metricsURL))

	shown, ids := map[string]bool{}, map[int]bool{}
	d := readDashboard(t)
	assert.NotEmpty(t, d.UID)
	for _, panel := range d.Panels {
		assert.False(t, ids[panel.ID], "the ID of %q is not unique", panel.Title)
		ids[panel.ID] = true
		assert.NotEmpty(t, panel.Targets, panel.Title)
		for _, query := range panel.Targets {
			metrics := metricName.FindAllStringSubmatch(query.Expr, -1)
			assert.NotEmpty(t, metrics, query.Expr)
			for _, metric := range metrics {
				require.Contains(t, labels, metric[1], panel.Title)
				shown[suffix.ReplaceAllString(metric[1], "")] = true
				for _, label := range labelsIn(query.Expr, query.LegendFormat) {
					assert.Contains(t, labels[metric[1]], label, "%s: %s", panel.Title, query.Expr)
				}
			}
		}
	}
	for metric := range labels {
		assert.Contains(t, shown, suffix.ReplaceAllString(metric, ""), "no panel shows it")
	}
	for _, variable := range d.Templating.List {
		for _, metric := range metricName.FindAllStringSubmatch(string(variable.Query), -1) {
			assert.Contains(t, labels, metric[1], variable.Name)
		}
	}
}

// labelsOf returns the label names of each metric.
func labelsOf(scraped samples) map[string]map[string]bool {
	labels := map[string]map[string]bool{}
	for name := range scraped {
		metric, rest, _ := strings.Cut(name, "{")
		if labels[metric] == nil {
			labels[metric] = map[string]bool{}
		}
		for _, label := range selectedLabel.FindAllStringSubmatch(rest, -1) {
			labels[metric][label[1]] = true
		}
	}
	return labels
}

// labelsIn returns the label names that a query selects, groups by or shows.
func labelsIn(expr, legend string) (names []string) {
	for _, label := range selectedLabel.FindAllStringSubmatch(expr, -1) {
		names = append(names, label[1])
	}
	for _, match := range groupedLabels.FindAllStringSubmatch(expr+legend, -1) {
		names = append(names, strings.Split(match[1]+match[2], ", ")...)
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "job" }) // Prometheus adds it
}
