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
    [InlineData("{{ $labels.dataset | humanize }}", 0, "<error expanding template: strconv.ParseFloat: parsing \"digits-train\": invalid syntax>")]
    public void A_template_is_rendered_as_prometheus_renders_it(string template, double value, string expected)
    {
        var (parsed, errors) = Template.Parse(template);
        Assert.Empty(errors);
        Assert.Equal(expected, parsed!.Render(new(Labels, value)));
    }

    [Theory]
    [InlineData("{{ humanise $value }}", 3, "function \"humanise\" is not known", "humanize")]
    [InlineData("{{ $valeu }}", 3, "\"$valeu\" is not known", "$value")]
    [InlineData("x {{ if $value }}y{{ end }}", 5, "\"if\": not supported yet", null)]
    [InlineData("x {{ $value", 2, "\"{{\" is not closed", null)]
    [InlineData("{{ printf }}", 3, "\"printf\" has 0 arguments", null)]
    [InlineData("{{ $value | \"x\" }}", 12, "\"\"x\"\" is no function", null)]
    [InlineData("{{ }}", 3, "a value is missing", null)]
    [InlineData("{{ $labels.a $value }}", 3, "\"$labels.a\" is no function", null)]
    [InlineData("{{ (humanize $value }}", 3, "\"(\" is not closed", null)]
    [InlineData("{{ query \"up\" }}", 3, "function \"query\" is not known", null)]
    public void A_template_that_cannot_be_rendered_is_located(string template, int offset, string text, string? nearest)
    {
        var error = Template.Parse(template).Errors[0];
        Assert.Equal((offset, text, nearest), (error.Offset, error.Text, error.Nearest));
    }
}
