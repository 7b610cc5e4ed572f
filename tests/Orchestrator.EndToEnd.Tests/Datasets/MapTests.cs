using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Tests.Datasets;

/// <summary>Rows in a plane over the API, and what picked rows have in common.</summary>
public sealed class MapTests(MappedServer server) : IClassFixture<MappedServer>
{
    /// <summary>x is 150 to 6,000 in steps; edges of the reference are 1,500.75, 3,000.5 and 4,500.25: ten rows a quarter.</summary>
    [Fact]
    public async Task A_map_says_what_is_known_of_each_row()
    {
        using var admin = server.Admin();
        var map = await admin.JsonAsync("/api/datasets/seen/map?x=y&y=x");

        var points = Points(map);
        Assert.Equal((40, false, false), (map.GetProperty("total").GetInt32(), map.TryGetProperty("version", out _), map.GetProperty("is_numeric").GetBoolean()));
        Assert.True(map.TryGetProperty("at", out _));
        Assert.Equal("""["x","y"]""", map.GetProperty("columns").GetRawText());
        Assert.Equal("""[{"name":"wide","parts":["wide = 'q1'","wide = 'q2'","wide = 'q3'","wide = 'q4'"]}]""", map.GetProperty("segments").GetRawText());
        Assert.Equal([10, 10, 10, 10], Enumerable.Range(1, 4).Select(part => points.Values.Count(point => point.GetProperty("parts")[0].GetInt32() == part)));
        Assert.Equal((8.0, 1200.0, 1.0, "cat", "dog"), (Number(points["s08"], "x"), Number(points["s08"], "y"), Number(points["s08"], "error"), points["s08"].GetProperty("label").GetString(), points["s08"].GetProperty("prediction").GetString()));
        Assert.False(points["s07"].TryGetProperty("x", out _));
        Assert.All(points.Values, point => Assert.InRange(Number(point, "suspicion"), 0, 1));
    }

    /// <summary>x and y of pets are the same number but for its sign: they are one component, and the town another.</summary>
    [Fact]
    public async Task Without_columns_the_axes_are_principal_components()
    {
        using var admin = server.Admin();
        var map = await admin.JsonAsync("/api/datasets/pets/map");

        var (first, second) = (map.GetProperty("x"), map.GetProperty("y"));
        Assert.InRange(first.GetProperty("share").GetDouble(), second.GetProperty("share").GetDouble(), 1);
        Assert.Subset(new HashSet<string?>(["x", "y"]), first.GetProperty("leading").EnumerateArray().Take(2).Select(name => name.GetString()).ToHashSet());
        Assert.Equal(0, Points(map).Values.Sum(point => Number(point, "x")), 0.1);
    }

    [Fact]
    public async Task Picked_rows_are_told_by_classes_errors_and_the_segment_that_describes_them()
    {
        using var admin = server.Admin();
        var map = await admin.JsonAsync("/api/datasets/seen/map");
        var told = await PickAsync(admin, "seen", new { at = map.GetProperty("at").GetString(), keys = Enumerable.Range(1, 10).Select(i => string.Create(CultureInfo.InvariantCulture, $"s{i * 4:00}")) });

        Assert.Equal((40, 10, 1.0, 0.0), (told.GetProperty("rows").GetInt32(), told.GetProperty("picked").GetInt32(), Number(told, "error"), Number(told, "other_error")));
        Assert.Equal("""[{"label":"cat","picked":10,"others":10},{"label":"dog","picked":0,"others":20}]""", told.GetProperty("classes").GetRawText());
        Assert.Equal("""{"predicate":"town = 'rome'","rows":10,"picked":10,"precision":1,"recall":1,"yaml":"segments:\n  - town\n","is_declared":false}""", told.GetProperty("segments")[0].GetRawText());
    }

    /// <summary>The upper quarter of 6,000 rows is 1,500, whichever of them are on the map.</summary>
    [Fact]
    public async Task The_rows_of_a_segment_that_describes_picked_rows_are_listed()
    {
        using var admin = server.Admin();
        var map = await admin.JsonAsync("/api/datasets/pets/map?x=x&y=y");
        var version = map.GetProperty("version").GetString();
        var keys = Points(map).Where(point => Number(point.Value, "y") > 4500.25).Select(point => point.Key).ToArray();

        var segment = (await PickAsync(admin, "pets", new { version, keys })).GetProperty("segments")[0];

        // The two columns are one: x, which has a declared segment, says the same.
        Assert.Contains(segment.GetProperty("predicate").GetString(), new[] { "y = 'q4'", "wide = 'q1'" });
        Assert.Equal((1.0, 1.0), (Number(segment, "precision"), Number(segment, "recall")));
        foreach (var same in new[] { "y = 'q4'", "wide = 'q1'", "x = 'q1'", "y = 'q4' and wide='q1'" })
        {
            var page = await admin.JsonAsync($"/api/datasets/pets/rows?version={version}&segment={Uri.EscapeDataString(same)}&offset=1499&limit=5");
            Assert.Equal((1500, "p1500"), (page.GetProperty("total").GetInt32(), Assert.Single(page.GetProperty("rows").EnumerateArray())[0].GetString()));
        }
    }

    [Theory]
    [InlineData("town = 'rome'", 1500)]
    [InlineData("town = 'rome' and kind = 'cat'", 1500)]
    [InlineData("town = 'rome' and kind = 'dog'", 0)]
    [InlineData("town = 'x'' or true or ''x'''", 0)]
    [InlineData("tail = 'q4'", 0)]
    [InlineData("x = '17'", 1)]
    public async Task Rows_are_listed_by_conditions_on_any_column(string segment, int rows)
    {
        using var admin = server.Admin();
        Assert.Equal(rows, (await admin.JsonAsync($"/api/datasets/pets/rows?segment={Uri.EscapeDataString(segment)}")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("town")]
    [InlineData("town = rome")]
    [InlineData("nothing = 'x'")]
    [InlineData("town = 'rome' or true")]
    [InlineData("1=1; drop table x")]
    [InlineData("town = 'a' and town = 'a' and town = 'a' and town = 'a' and town = 'a' and town = 'a' and town = 'a' and town = 'a' and town = 'a'")]
    public async Task What_is_no_segment_lists_nothing_and_says_so(string segment)
    {
        using var admin = server.Admin();
        using var answer = await admin.GetAsync($"/api/datasets/pets/rows?segment={Uri.EscapeDataString(segment)}");
        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal((400, $"\"{segment}\" is no segment of pets."), (problem.Status, problem.Detail));
    }

    [Fact]
    public async Task A_row_is_shown_with_its_features()
    {
        using var admin = server.Admin();
        var row = await admin.JsonAsync("/api/datasets/seen/map/row?key=s07");
        Assert.Equal("""{"town":"oslo","x":"1050"}""", row.GetProperty("cells").GetRawText());
        using var none = await admin.GetAsync("/api/datasets/seen/map/row?key=s99");
        var problem = await Caller.ProblemAsync(none);
        Assert.Equal((404, "There is no row on the map \"s99\"."), (problem.Status, problem.Detail));
    }

    /// <summary>Without ids rows are named by their places, and their labels cannot be judged.</summary>
    [Fact]
    public async Task Rows_without_ids_are_laid_out_too()
    {
        using var admin = server.Admin();
        var points = Points(await admin.JsonAsync("/api/datasets/never/map?x=x&y=x"));
        Assert.Equal((40, 150.0, false), (points.Count, Number(points["row 1"], "x"), points["row 1"].TryGetProperty("suspicion", out _)));
    }

    [Theory]
    [InlineData("""{"keys": ["s01", "nobody"]}""", 400, "Some of the picked rows are not on this map.")]
    [InlineData("""{"keys": []}""", 400, "0 rows were picked.")]
    [InlineData("{}", 400, "The JSON body lacks \"keys\".")]
    [InlineData("""{"keys": ["s01"], "version": "none"}""", 404, "There is no version \"none of seen\".")]
    public async Task What_cannot_be_picked_is_refused_in_plain_words(string body, int status, string detail)
    {
        using var admin = server.Admin();
        using var answer = await admin.PostAsync("/api/datasets/seen/map/selection", body);
        var problem = await Caller.ProblemAsync(answer);
        Assert.Equal((status, detail), (problem.Status, problem.Detail));
    }

    [Fact]
    public async Task Rows_of_an_earlier_measurement_are_not_picked_from_those_of_now()
    {
        using var admin = server.Admin();
        using var answer = await admin.PostAsync("/api/datasets/seen/map/selection", """{"keys": ["s01"], "at": "2020-01-01T00:00:00Z"}""");
        Assert.Equal(409, (await Caller.ProblemAsync(answer)).Status);
        using var many = await admin.PostAsync("/api/datasets/seen/map/selection", new { keys = Enumerable.Range(0, 5001).Select(i => $"{i}") });
        Assert.Equal((400, "5001 rows were picked.", "Pick 1 to 5000: send their keys."), await Caller.ProblemAsync(many));
    }

    [Theory]
    [InlineData("seen/map?x=town", 400)]
    [InlineData("seen/map?version=none", 404)]
    [InlineData("nothing/map", 404)]
    [InlineData("nothing/map/row?key=a", 404)]
    [InlineData("seen/map/row", 400)]
    public async Task A_map_that_cannot_be_drawn_is_refused(string path, int status)
    {
        using var admin = server.Admin();
        using var answer = await admin.GetAsync($"/api/datasets/{path}");
        Assert.Equal(status, (await Caller.ProblemAsync(answer)).Status);
    }

    internal static Dictionary<string, JsonElement> Points(JsonElement map) => map.GetProperty("points").EnumerateArray().ToDictionary(point => point.GetProperty("key").GetString()!);

    private static double Number(JsonElement of, string name) => of.GetProperty(name).GetDouble();

    private static async Task<JsonElement> PickAsync(Caller admin, string dataset, object body)
    {
        using var answer = await admin.PostAsync($"/api/datasets/{dataset}/map/selection", body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonElement.Parse(text);
    }
}

/// <summary>Maps of versions that follow each other.</summary>
public sealed class MapVersionTests : IAsyncLifetime
{
    private readonly MappedServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Of_many_rows_the_same_ones_are_drawn_again_and_of_the_next_version_nearly_all_of_them()
    {
        using var admin = _server.Admin();
        var first = await admin.JsonAsync("/api/datasets/pets/map?x=x&y=y");
        _server.WritePets(MappedServer.Pets - 1);
        await _server.MeasureAsync();
        var second = await admin.JsonAsync("/api/datasets/pets/map?x=x&y=y");

        Assert.Equal((6000, 5000, 5999, 5000), (first.GetProperty("total").GetInt32(), MapTests.Points(first).Count, second.GetProperty("total").GetInt32(), MapTests.Points(second).Count));
        Assert.True(MapTests.Points(first).Keys.Intersect(MapTests.Points(second).Keys).Count() >= 4999);
        Assert.All(MapTests.Points(first).Values, point => Assert.Equal(6001, point.GetProperty("x").GetDouble() + point.GetProperty("y").GetDouble()));
        Assert.Equal(first.GetRawText(), await admin.TextAsync($"/api/datasets/pets/map?x=x&y=y&version={first.GetProperty("version").GetString()}"));
    }
}
