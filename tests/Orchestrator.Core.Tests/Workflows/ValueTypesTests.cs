using System.Text.Json;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>The designer stores literals as texts; the descriptor's type says what they are.</summary>
public sealed class ValueTypesTests
{
    [Theory]
    [InlineData("String", "\"a\"", "\"a\"")]
    [InlineData("String", "250", "\"250\"")]
    [InlineData("Boolean", "\"False\"", "false")]
    [InlineData("Boolean", "true", "true")]
    [InlineData("Boolean", "1", null)]
    [InlineData("Int32", "\"250\"", "250")]
    [InlineData("Int32", "250.0", "250")]
    [InlineData("Int32", "2.5", null)]
    [InlineData("Int32", "2147483648", null)]
    [InlineData("Int32", "\"many\"", null)]
    [InlineData("Int64", "2147483648", "2147483648")]
    [InlineData("Double", "\"0.25\"", "0.25")]
    [InlineData("Double", "\"NaN\"", null)]
    [InlineData("Double", "1e999", null)]
    [InlineData("TimeSpan", "\"3.00:00:00\"", "\"3.00:00:00\"")]
    [InlineData("TimeSpan", "\"00:01:30\"", "\"00:01:30\"")]
    [InlineData("TimeSpan", "\"24:00:00\"", null)]
    [InlineData("TimeSpan", "\"3\"", null)]
    [InlineData("TimeSpan", "3", null)]
    [InlineData("DateTimeOffset", "\"2026-03-01T12:00:00+02:00\"", "\"2026-03-01T10:00:00+00:00\"")]
    [InlineData("DateTimeOffset", "\"soon\"", null)]
    [InlineData("String[]", "\"[\\\"a\\\",\\\"b\\\"]\"", "[\"a\",\"b\"]")]
    [InlineData("String[]", "[\"a\"]", "[\"a\"]")]
    [InlineData("String[]", "[1]", null)]
    [InlineData("String[]", "\"a\"", null)]
    [InlineData("Object", "{\"a\":1}", "{\"a\":1}")]
    public void A_value_becomes_its_type_or_nothing(string type, string value, string? expected)
    {
        var converted = ValueTypes.Convert(type, JsonDocument.Parse(value).RootElement);
        Assert.Equal(expected, converted?.GetRawText());
    }
}
