using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Rules;

/// <summary>Texts as Prometheus renders them; the humanize values are those of its template tests and documentation.</summary>
public sealed class TemplateTests
{
    private static readonly Labels Labels = Labels.Of([new("dataset", "digits-train"), new("instance", "db-1:9090")]);

    [Theory]
    [InlineData("plain", 0, "plain")]
    [InlineData("{{ $value }}", 0.16, "0.16")]
    [InlineData("{{ .Value }}", 1234567, "1.234567e+06")]
    [InlineData("{{ $value }}", 100000, "100000")]
    [InlineData("{{ $value }}", 1e23, "1e+23")]
    [InlineData("{{ $value }}", 0.00001, "1e-05")]
    [InlineData("{{ $value }}", 0.0001, "0.0001")]
    [InlineData("{{ $value }}", double.NaN, "NaN")]
    [InlineData("{{ $value }}", double.PositiveInfinity, "+Inf")]
    [InlineData("{{ $labels.dataset }}/{{ .Labels.dataset }}/{{$labels.none}}.", 0, "digits-train/digits-train/.")]
    [InlineData("{{ $labels }}", 0, "map[dataset:digits-train instance:db-1:9090]")]
    [InlineData("a{{/* said */}}b", 0, "ab")]
    [InlineData("a  {{- $value -}}  b", 1, "a1b")]
    [InlineData("{{ humanize $value }}", 0, "0")]
    [InlineData("{{ $value | humanize }}", 1234567, "1.235M")]
    [InlineData("{{ $value | humanize }}", 0.00123, "1.23m")]
    [InlineData("{{ $value | humanize1024 }}", 1048576, "1Mi")]
    [InlineData("{{ $value | humanizeDuration }}", 0, "0s")]
    [InlineData("{{ $value | humanizeDuration }}", 60, "1m 0s")]
    [InlineData("{{ $value | humanizeDuration }}", 3600, "1h 0m 0s")]
    [InlineData("{{ $value | humanizeDuration }}", 86400, "1d 0h 0m 0s")]
    [InlineData("{{ $value | humanizeDuration }}", 91 + (1.0 / 3), "1m 31s")]
    [InlineData("{{ $value | humanizeDuration }}", 899.99, "14m 59s")]
    [InlineData("{{ $value | humanizeDuration }}", 1.234567, "1.235s")]
    [InlineData("{{ $value | humanizeDuration }}", .12345, "123.5ms")]
    [InlineData("{{ $value | humanizeDuration }}", 0.00001, "10us")]
    [InlineData("{{ $value | humanizeDuration }}", -90, "-1m 30s")]
    [InlineData("{{ $value | humanizePercentage }}", -0.22222, "-22.22%")]
    [InlineData("{{ $value | humanizePercentage }}", 0.1234567, "12.35%")]
    [InlineData("{{ $value | humanizePercentage }}", 1.23456, "123.5%")]
    [InlineData("{{ $value | humanizeTimestamp }}", 1435065584.128, "2015-06-23 13:19:44.128 +0000 UTC")]
    [InlineData("{{ 0.16 | humanizePercentage }} {{ \"0.16\" | humanizePercentage }}", 0, "16% 16%")]
    [InlineData("{{ printf \"%.2f of %s at %d, %5.1f|%-6s|%06.2f|%+.1e|%q|%%\" $value $labels.dataset 7 2.25 \"ab\" 3.14159 12345.0 \"x\" }}", 0.125, "0.12 of digits-train at 7,   2.2|ab    |003.14|+1.2e+04|\"x\"|%")]
    [InlineData("{{ $value | printf \"%.0f\" }}", 2.5, "2")]
    [InlineData("{{ $value | printf \"%.1f\" }}", 999.96, "1000.0")]
    [InlineData("{{ $value | printf \"%.3f\" }}", 0.0004, "0.000")]
    [InlineData("{{ $value | printf \"%.4g\" }}", 12345, "1.234e+04")]
    [InlineData("{{ printf \"%d\" $value }}", 1, "%!d(float64=1)")]
    [InlineData("{{ $labels.instance | toUpper }} {{ title \"a small don't\" }}", 0, "DB-1:9090 A Small Don'T")]
    [InlineData("{{ match \"-[0-9]\" $labels.instance }} {{ match \"^x\" $labels.instance }}", 0, "true false")]
    [InlineData("{{ reReplaceAll \"([a-z]+)-(\\\\d)\" \"${2}$1\" $labels.instance }}", 0, "1db:9090")]
    [InlineData("{{ reReplaceAll \"([a-z]+)-\" \"$1x\" $labels.instance }}", 0, "1:9090")]
    [InlineData("{{ (printf \"%.1f\" $value) | humanize }}", 0.04, "0")]
    [InlineData("{{ $labels.dataset | humanize }}", 0, "<error expanding template: 1:22: strconv.ParseFloat: parsing \"digits-train\": invalid syntax>")]
    public void A_template_is_rendered_as_prometheus_renders_it(string template, double value, string expected)
    {
        var (parsed, errors) = Template.Parse(template);
        Assert.Empty(errors);
        Assert.Equal(expected, parsed!.Render(new(Labels, value)));
    }

    [Theory]
    [InlineData("{{ humanise $value }}", 3, "function \"humanise\" is not known", "humanize")]
    [InlineData("{{ $valeu }}", 3, "\"$valeu\" is not known", "$value")]
    [InlineData("x {{ if $value }}y", 5, "\"if\" has no end", null)]
    [InlineData("x {{ end }}", 5, "\"end\" ends nothing", null)]
    [InlineData("{{ if $value }}{{ else }}{{ else }}{{ end }}", 3, "\"if\" has a second else", null)]
    [InlineData("{{ define }}x{{ end }}", 3, "\"define\" has no name", null)]
    [InlineData("{{ break }}", 3, "\"break\" stands outside of range", null)]
    [InlineData("{{ template \"a\" }}", 12, "template \"a\" is not defined", null)]
    [InlineData("{{ define \"a\" }}{{ $value }}{{ end }}", 19, "\"$value\" is not known", null)]
    [InlineData("{{ $x = 1 }}", 8, "\"$x\" is not known", null)]
    [InlineData("{{ range $i, $e := query \"up\" }}{{ end }}{{ $e }}", 44, "\"$e\" is not known", null)]
    [InlineData("{{ .Valeu }}", 3, "\".Valeu\" is not known", ".Value")]
    [InlineData("x {{ $value", 2, "\"{{\" is not closed", null)]
    [InlineData("{{ printf }}", 3, "\"printf\" has 0 arguments", null)]
    [InlineData("{{ $value | \"x\" }}", 12, "\"\"x\"\" is no function", null)]
    [InlineData("{{ }}", 3, "a value is missing", null)]
    [InlineData("{{ $labels.a $value }}", 3, "\"$labels.a\" is no function", null)]
    [InlineData("{{ (humanize $value }}", 3, "\"(\" is not closed", null)]
    [InlineData("{{ qeury \"up\" }}", 3, "function \"qeury\" is not known", "query")]
    public void A_template_that_cannot_be_rendered_is_located(string template, int offset, string text, string? nearest)
    {
        var error = Template.Parse(template).Errors[0];
        Assert.Equal((offset, text, nearest), (error.Offset, error.Text, error.Nearest));
    }

    // Each as Go's text/template gives it with Prometheus's functions.
    [Theory]
    [InlineData("{{ if gt $value 1.5 }}high{{ else if gt $value 0.5 }}middle{{ else }}low{{ end }}", "middle")]
    [InlineData("{{ if and $value (eq $labels.dataset \"digits-train\") }}y{{ end }}", "y")]
    [InlineData("{{ if not $labels.none }}none{{ end }}", "none")]
    [InlineData("{{ or $labels.none $labels.dataset }}", "digits-train")]
    [InlineData("{{ eq $labels.dataset \"a\" \"digits-train\" }} {{ ne 1 2 }} {{ lt 1 2 }} {{ le 2 2 }} {{ ge 1.0 2.0 }}", "true true true true false")]
    [InlineData("{{ with $labels.dataset }}[{{ . }}]{{ end }}{{ with $labels.none }}x{{ else }}-{{ end }}", "[digits-train]-")]
    [InlineData("{{ $x := humanize $value }}{{ $x }}{{ if true }}{{ $x = \"z\" }}{{ end }}{{ $x }}", "1z")]
    [InlineData("{{ if true }}{{ $x := 1 }}{{ $x }}{{ $x := 2 }}{{ $x }}{{ end }}", "12")]
    [InlineData("{{ range $k, $v := $labels }}{{ $k }}={{ $v }};{{ end }}", "dataset=digits-train;instance=db-1:9090;")]
    [InlineData("{{ range query \"up\" }}{{ .Labels.a }}={{ .Value }} {{ end }}", "2=20 1=10 ")]
    [InlineData("{{ range $i, $s := query \"up\" | sortByLabel \"a\" }}{{ if $i }}, {{ end }}{{ label \"a\" $s }}={{ value $s }}{{ end }}", "1=10, 2=20")]
    [InlineData("{{ range query \"up\" }}{{ if eq .Value 20.0 }}{{ continue }}{{ end }}{{ .Value }}{{ break }}{{ end }}", "10")]
    [InlineData("{{ range query \"down\" }}x{{ else }}none{{ end }}", "none")]
    [InlineData("{{ query \"up\" | first | value | humanize }} {{ (query \"up\" | first).Labels.a }}", "20 2")]
    [InlineData("{{ (index (query \"up\") 1).Value }} {{ len (query \"up\") }} {{ index $labels \"dataset\" }} {{ slice $labels.dataset 0 6 }}", "10 2 digits-train digits")]
    [InlineData("{{ define \"t\" }}<{{ .arg0 }}|{{ .arg1 }}>{{ end }}{{ template \"t\" (args $value \"b\") }}", "<1|b>")]
    [InlineData("{{ block \"b\" $labels.dataset }}({{ . }}){{ end }}{{ template \"b\" \"c\" }}", "(digits-train)(c)")]
    [InlineData("a {{- /* c */ -}} b{{ \"x\" -}}  \n c", "abxc")]
    [InlineData("{{ $externalLabels.region }} {{ .ExternalLabels.region }} {{ $externalURL }} {{ externalURL }}", "eu eu https://p.example.org/x https://p.example.org/x")]
    [InlineData("{{ pathPrefix }} {{ graphLink \"up == 1\" }} {{ tableLink \"up\" }} {{ urlQueryEscape \"a b&c\" }}", "/x /graph?g0.expr=up+%3D%3D+1&g0.tab=0 /graph?g0.expr=up&g0.tab=1 a+b%26c")]
    [InlineData("{{ (1435065584.128 | toTime).Format \"2006-01-02 15:04:05.000\" }} {{ (toTime 1435065584).Year }} {{ 1435065584.128 | toTime }}", "2015-06-23 13:19:44.128 2015 2015-06-23 13:19:44.128 +0000 UTC")]
    [InlineData("{{ toDuration 3723.5 }} {{ (toDuration 90).Minutes }} {{ parseDuration \"1h30m\" }} {{ parseDuration \"-5m\" }}", "1h2m3.5s 1.5 5400 -300")]
    [InlineData("{{ now }} {{ now | humanizeTimestamp }}", "1e+09 2001-09-09 01:46:40 +0000 UTC")]
    [InlineData("{{ stripPort \"a.b.c:80\" }} {{ stripDomain \"a.b.c:80\" }} {{ stripDomain \"10.1.2.3:80\" }} {{ stripPort \"[::1]:80\" }}", "a.b.c a:80 10.1.2.3:80 ::1")]
    [InlineData("{{ html \"<a>\" }} {{ js \"it's\" }} {{ print 1 2 \"a\" 3 }} {{ println \"a\" 1 }}", "&lt;a&gt; it\\'s 1 2a3 a 1\n")]
    [InlineData("{{ $labels }} {{ (args).none }} {{ . }}", "map[dataset:digits-train instance:db-1:9090] <no value> {map[dataset:digits-train instance:db-1:9090] map[region:eu] https://p.example.org/x 1}")]
    [InlineData("{{ range 3 }}{{ . }}{{ end }}{{ len \"häß\" }}{{ 'a' }}{{ 0x10 }}{{ 1e1 }}", "0125971610")]
    [InlineData("{{ $v := $labels.dataset }}{{ with $v }}{{ $.Value }}{{ end }}", "1")]
    public void Control_flow_and_functions_are_gos_and_prometheuss(string template, string expected)
    {
        var (parsed, errors) = Template.Parse(template);
        Assert.Empty(errors);
        Assert.Equal(expected, parsed!.Render(Data()));
    }

    [Theory]
    [InlineData("x\n{{ if gt $value 5 }}y{{ end }}", "2:7: incompatible types for comparison: float64 and int; write whole numbers as 5.0")]
    [InlineData("{{ query \"down\" | first }}", "1:19: first() called on vector with no elements")]
    [InlineData("{{ query \"up +\" }}", "1:4: error executing query: ")]
    [InlineData("{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}", "1:20: templates call each other more than 100 levels deep")]
    [InlineData("{{ range 90000 }}{{ range 90000 }}{{ end }}{{ end }}", "1:27: it takes more than 100000 steps")]
    [InlineData("{{ range 50000 }}abc{{ end }}", "1:18: it writes more than 65536 characters")]
    [InlineData("{{ $x := \"a\" }}{{ range 40 }}{{ $x = print $x $x }}{{ end }}", "1:38: a text grows beyond 65536 characters")]
    [InlineData("{{ $x := \"aaaa\" }}{{ range 14 }}{{ $x = print $x $x }}{{ end }}{{ reReplaceAll \"\" $x $x }}", "1:67: a text grows beyond 65536 characters")]
    [InlineData("{{ index $labels 1 }}", "1:4: can't index item of type map with int")]
    [InlineData("{{ range $value }}{{ end }}", "1:10: range can't iterate over 1")]
    [InlineData("{{ toTime 1e300 }}", "1:4: 1e+300 cannot be represented as a nanoseconds timestamp since it overflows int64")]
    [InlineData("{{ $labels.dataset | parseDuration }}", "1:22: not a valid duration string: \"digits-train\"")]
    public void What_goes_wrong_while_rendering_is_located_and_ends(string template, string error)
    {
        var (parsed, errors) = Template.Parse(template);
        Assert.Empty(errors);
        Assert.StartsWith($"<error expanding template: {error}", parsed!.Render(Data()), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_template_or_an_error_and_rendering_it_ends()
    {
        string[] parts = ["{{", "}}", "{{-", "-}}", " ", "if", "else", "end", "range", "with", "define", "template", "block", "break", "$x", ":=", "=", "|", "(", ")", ".", ".Value", "$labels.a", "\"a\"", "1", "2.5", "query", "print", "and", "eq", "/*", "*/", "$", ",", "x"];
        var random = new Random(20260105);
        for (var i = 0; i < 10_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => (random.Next(3) == 0 ? " " : "") + parts[random.Next(parts.Length)]));
            var (parsed, errors) = Template.Parse(text);
            Assert.True(parsed is null ? !errors.IsEmpty && errors.All(error => error.Offset >= 0 && error.Offset <= text.Length) : parsed.Render(Data()) is not null, text);
        }
    }

    private static TemplateData Data() => new(Labels, 1)
    {
        ExternalLabels = Labels.Of([new("region", "eu")]),
        ExternalUrl = "https://p.example.org/x",
        Now = 1_000_000_000 * Timestamp.PerSecond,
        Query = text => text switch
        {
            "up" => [new(Labels.Of("up", ("a", "2")), 20), new(Labels.Of("up", ("a", "1")), 10)],
            "up +" => throw new TemplateException("error executing query: unexpected end"),
            _ => [],
        },
    };
}
