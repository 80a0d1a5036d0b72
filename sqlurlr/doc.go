// Package sqlurlr keeps in a SQL database what a [dedupe.Guard] knows.
package sqlurlr
