#!/bin/sh
# The campus calendar: without arguments the form, with a month and a year the month, e.g. calendar.cgi?3+1993
# (RFC 3875: a query without "=" arrives as arguments). The form sends month=3&year=1993 instead.
# Only `cal` is a program of its own; all the rest is the shell's.

# page TITLE LINE...: the whole answer.
page() {
  title=$1
  shift
  printf 'Content-Type: text/html; charset=utf-8\r\n\r\n'
  printf '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>%s</title>\n' "$title"
  printf '<link rel="stylesheet" href="/campus.css">\n</head>\n<body>\n<header>\n<h1>%s</h1>\n</header>\n<main>\n' "$title"
  printf '%s\n' "$@" '</main>' '</body>' '</html>'
}

refuse() {
  printf 'Status: 400 Bad Request\r\n'
  page 'No such month' '<p>A month is a number from 1 to 12, a year one from 1 to 9999.</p>'
  exit 0
}

here=${SCRIPT_NAME:-calendar.cgi}
if [ $# -ge 1 ]; then
  month=$1 year=$2
elif [ -n "$QUERY_STRING" ]; then
  month='' year=''
  case "&$QUERY_STRING" in *'&month='*) month=${QUERY_STRING#*month=} month=${month%%&*} ;; esac
  case "&$QUERY_STRING" in *'&year='*) year=${QUERY_STRING#*year=} year=${year%%&*} ;; esac
else
  page 'The calendar' "<form action=\"$here\">" \
    '<p><label>Month <input name="month" type="number" min="1" max="12" value="3" required></label>' \
    '<label>Year <input name="year" type="number" min="1" max="9999" value="1993" required></label>' \
    '<button>Draw it up</button></p>' '</form>'
  exit 0
fi

case $month in [1-9] | 0[1-9] | 1[0-2]) ;; *) refuse ;; esac
case $year in [1-9] | [1-9][0-9] | [1-9][0-9][0-9] | [1-9][0-9][0-9][0-9]) ;; *) refuse ;; esac

if command -v cal >/dev/null 2>&1; then
  page "The calendar for $month/$year" '<pre>' "$(cal "$month" "$year")" '</pre>' \
    "<p><a href=\"$here\">Another month</a> or <a href=\"/calendar/\">about the calendar</a>.</p>" \
    '<p>Drawn up for you now by the calendar program.</p>'
else
  page 'No calendar here' '<p>This server has no <code>cal</code>, so the month stays a secret.</p>'
fi
