using System.Text.Json;
using Orchestrator.Core.Fixes;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Tests.Storage;

public sealed class JsonTests
{
    private static readonly string[] _broken =
    [
        """{"a":"1","a":"2"}""", """{"a":null}""", """{"a":1}""", "[]", "null", "", "{", """{"a":"1"} x""", "{\"a\":\"1\"}\0",
    ];

    [Fact]
    public void Labels_are_an_object_in_the_order_of_their_names()
    {
        var labels = Labels.Of("data_rows", ("model", "digits"), ("dataset", "a \"b\"\\\n<é>"));

        var text = Json.WriteLabels(labels);

        Assert.Equal("""{"__name__":"data_rows","dataset":"a \"b\"\\\n<é>","model":"digits"}""", text);
        Assert.Equal(labels, Json.ReadLabels(text));
        Assert.Equal(Labels.Empty, Json.ReadLabels("{}"));
        Assert.Equal(labels, Json.ReadLabels("""{"model":"digits","__name__":"data_rows","dataset":"a \"b\"\\\n<é>","absent":""}"""));
    }

    [Fact]
    public void What_are_no_labels_is_refused() => Assert.All(_broken, text => Assert.ThrowsAny<JsonException>(() => Json.ReadLabels(text)));

    [Fact]
    public void Numbers_that_are_none_travel_by_name()
    {
        Assert.Equal("""["NaN","Infinity","-Infinity",0.1,-0]""", Json.Write(new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1, -0.0 }));
        Assert.Equal(
            [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 5e-324, double.MaxValue],
            Json.Read<double[]>("""["NaN","Infinity","-Infinity",5e-324,1.7976931348623157e308]"""));
    }

    [Fact]
    public void A_property_that_occurs_twice_is_refused_at_any_depth()
    {
        Assert.ThrowsAny<JsonException>(() => Json.Read<PeriodLimit>("""{"count":1,"count":2,"period":"1.00:00:00"}"""));
        Assert.ThrowsAny<JsonException>(() => Json.Read<PeriodLimit[]>("""[{"count":1,"period":"1.00:00:00","count":1}]"""));
        Assert.ThrowsAny<JsonException>(() => Json.Read<Dictionary<string, int>>("""{"a":1,"a":1}"""));
        Assert.ThrowsAny<JsonException>(() => Json.Read<JsonElement>("""{"a":{"b":1,"b":1}}"""));
    }

    [Fact]
    public void Names_are_in_snake_case_and_what_is_absent_is_left_out()
    {
        Assert.Equal("""{"count":2,"period":"1.00:00:00"}""", Json.Write(new PeriodLimit(2, TimeSpan.FromDays(1))));
        Assert.Equal("""["preparing","proposed"]""", Json.Write(new[] { FixState.Preparing, FixState.Proposed }));
        Assert.Equal("""{"operations":["relabel"],"candidate_rows":5}""", Json.Write(new PatchLimits(null, ["relabel"], 5, null)));
    }

    [Fact]
    public void An_unknown_name_of_an_enumeration_is_refused()
    {
        Assert.Equal(FixState.Compensating, Json.Read<FixState>("\"compensating\""));
        Assert.ThrowsAny<JsonException>(() => Json.Read<FixState>("\"compensated_twice\""));
    }
}
