using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Orchestrator.EndToEnd.Tests.Series;

/// <summary>Shapes by hand from https://prometheus.io/docs/prometheus/latest/querying/api/.</summary>
public sealed class PrometheusTests(PrometheusServer server) : IClassFixture<PrometheusServer>
{
    private const string A = """{"__name__":"http_requests_total","instance":"a","job":"api"}""";
    private const string B = """{"__name__":"http_requests_total","instance":"b","job":"api"}""";

    public static TheoryData<string, string> Answers => new()
    {
        {
            "query?query=http_requests_total&time=1767571800",
            """{"resultType":"vector","result":[{"metric":A,"value":[1767571800,"600"]},{"metric":B,"value":[1767571800,"1e-07"]}]}"""
        },
        { "query?query=queue&time=2026-01-05T01:00:00.5Z", """{"resultType":"vector","result":[{"metric":{"__name__":"queue","instance":"a","ü":"\"x\""},"value":[1767574800.500,"+Inf"]}]}""" },
        { "query?query=1%2B2&time=1767571200.5", """{"resultType":"scalar","result":[1767571200.500,"3"]}""" },
        { "query?query=%22foo%22&time=0", """{"resultType":"string","result":[0,"foo"]}""" },
        {
            "query?query=http_requests_total{instance=%22a%22}[2m]&time=1767571320",
            """{"resultType":"matrix","result":[{"metric":A,"values":[[1767571260,"60"],[1767571320,"120"]]}]}"""
        },
        { "query?query=absent_metric&time=1767571200", """{"resultType":"vector","result":[]}""" },
        { "query?query=queue&time=1767575099&lookback_delta=10s", """{"resultType":"vector","result":[]}""" },
        {
            "query_range?query=http_requests_total{instance=%22a%22}&start=1767571200&end=2026-01-05T00:02:00Z&step=60",
            """{"resultType":"matrix","result":[{"metric":A,"values":[[1767571200,"0"],[1767571260,"60"],[1767571320,"120"]]}]}"""
        },
        { "query_range?query=1e21&start=0&end=30&step=15s", """{"resultType":"matrix","result":[{"metric":{},"values":[[0,"1e+21"],[15,"1e+21"],[30,"1e+21"]]}]}""" },
        { "series?match[]=http_requests_total", "[A,B]" },
        { "series?match[]=http_requests_total{instance=%22b%22}&match[]=queue", """[B,{"__name__":"queue","instance":"a","ü":"\"x\""}]""" },
        { "series?match[]=queue&end=1767574799", "[]" },
        { "series?match[]=http_requests_total&start=1767571801", "[]" },
        { "labels?match[]=queue", """["__name__","instance","ü"]""" },
        { "label/instance/values", """["a","b"]""" },
        { "label/instance/values?match[]=queue", """["a"]""" },
        { "label/job/values?start=1767574800", "[]" },
        { "metadata?metric=data_rows", """{"data_rows":[{"type":"gauge","help":"HELP","unit":""}]}""" },
        { "alerts", """{"alerts":[]}""" },
    };

    public static TheoryData<string, int, string, string> Refusals => new()
    {
        { "query?query=sum(", 400, "bad_data", "invalid parameter \"query\": 1:5: parse error: " },
        { "query", 400, "bad_data", "invalid parameter \"query\": 1:1: parse error: " },
        { "query?query=1&time=abc", 400, "bad_data", "invalid parameter \"time\": cannot parse \"abc\" to a valid timestamp" },
        { "query?query=1&limit=-1", 400, "bad_data", "invalid parameter \"limit\": " },
        { "query?query=1&timeout=x", 400, "bad_data", "invalid parameter \"timeout\": cannot parse \"x\" to a valid duration" },
        { "query?query=http_requests_total&timeout=0", 503, "timeout", "query timed out in expression evaluation" },
        { "query?query=http_requests_total%2Bon(job)http_requests_total&time=1767571800", 422, "execution", "" },
        { "query_range?query=1&start=0&end=10", 400, "bad_data", "invalid parameter \"step\": cannot parse \"\" to a valid duration" },
        { "query_range?query=1&start=10&end=0&step=1", 400, "bad_data", "invalid parameter \"end\": end timestamp must not be before start time" },
        { "query_range?query=1&start=0&end=10&step=0", 400, "bad_data", "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer" },
        { "query_range?query=1&start=0&end=11001&step=1", 400, "bad_data", "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)" },
        { "query_range?query=queue[1m]&start=0&end=10&step=1", 400, "bad_data", "invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be Scalar or instant Vector" },
        { "series", 400, "bad_data", "no match[] parameter provided" },
        { "series?match[]={x=~%22.*%22}", 400, "bad_data", "invalid parameter \"match[]\": 1:1: parse error: " },
        { "labels?match[]=rate(queue[1m])", 400, "bad_data", "invalid parameter \"match[]\": " },
        { "rules?type=x", 400, "bad_data", "invalid parameter \"type\": not supported value \"x\"" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_has_Prometheus_s_shape(string asked, string expected)
    {
        using var admin = server.Live.Admin();
        var help = System.Text.Json.JsonSerializer.Serialize(Orchestrator.Core.Metrics.MetricCatalog.Find("data_rows")!.Help).Trim('"');
        var data = expected.Replace("\"metric\":A", $"\"metric\":{A}", StringComparison.Ordinal).Replace("\"metric\":B", $"\"metric\":{B}", StringComparison.Ordinal)
            .Replace("[A,B]", $"[{A},{B}]", StringComparison.Ordinal).Replace("[B,", $"[{B},", StringComparison.Ordinal).Replace("HELP", help, StringComparison.Ordinal);
        Assert.Equal("{\"status\":\"success\",\"data\":" + data + "}", await admin.TextAsync($"/api/v1/{asked}"));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_is_wrong_is_said_in_Prometheus_s_shape(string asked, int status, string type, string error)
    {
        using var admin = server.Live.Admin();
        using var answer = await admin.GetAsync($"/api/v1/{asked}");
        var body = await Caller.JsonAsync(answer);
        Assert.Equal((status, "error", type), ((int)answer.StatusCode, body.GetProperty("status").GetString(), body.GetProperty("errorType").GetString()));
        Assert.StartsWith(error, body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_that_is_posted_is_read_as_the_address_is()
    {
        using var admin = server.Live.Admin();
        using var answer = await admin.PostAsync("/api/v1/query", "query=http_requests_total%7Binstance%3D%22a%22%7D&time=1767571800", "application/x-www-form-urlencoded");
        Assert.Equal(
            $$$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{{{A}}},"value":[1767571800,"600"]}]}}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task More_than_is_wanted_is_cut_and_said()
    {
        using var admin = server.Live.Admin();
        Assert.Equal(
            """{"status":"success","data":["a"],"warnings":["results truncated due to limit"]}""", await admin.TextAsync("/api/v1/label/instance/values?limit=1"));
        Assert.Equal(
            $$$"""{"status":"success","data":{"resultType":"vector","result":[{"metric":{{{A}}},"value":[1767571800,"600"]}]},"warnings":["results truncated due to limit"]}""",
            await admin.TextAsync("/api/v1/query?query=http_requests_total&time=1767571800&limit=1"));
    }

    [Fact]
    public async Task What_an_author_should_know_comes_with_its_place()
    {
        using var admin = server.Live.Admin();
        var answer = await admin.JsonAsync("/api/v1/query?query=rate(load[5m])&time=1767571800");
        var info = Assert.Single(answer.GetProperty("infos").EnumerateArray()).GetString();
        Assert.Equal("PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: \"load\" (1:6)", info);
        Assert.False(answer.TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task Rules_have_their_group_health_and_alerts()
    {
        using var admin = server.Live.Admin();
        var group = Assert.Single((await admin.JsonAsync("/api/v1/rules?type=alert")).GetProperty("data").GetProperty("groups").EnumerateArray());
        Assert.Equal(("tiny", 60, 0), (group.GetProperty("name").GetString(), group.GetProperty("interval").GetInt32(), group.GetProperty("limit").GetInt32()));
        var rule = Assert.Single(group.GetProperty("rules").EnumerateArray());
        Assert.Equal(
            ("FewRows", "data_rows{dataset=\"tiny-train\"} < 11", 600, "alerting", "warning"),
            (rule.GetProperty("name").GetString(), rule.GetProperty("query").GetString(), rule.GetProperty("duration").GetInt32(), rule.GetProperty("type").GetString(), rule.GetProperty("labels").GetProperty("severity").GetString()));
        Assert.Equal("only {{ $value }} rows", rule.GetProperty("annotations").GetProperty("summary").GetString());
        Assert.True(rule.TryGetProperty("alerts", out _));
        Assert.Equal("""{"status":"success","data":{"groups":[]}}""", await admin.TextAsync("/api/v1/rules?type=record"));
        Assert.Equal("""{"status":"success","data":{"groups":[]}}""", await admin.TextAsync("/api/v1/rules?rule_group[]=other"));
    }

    [Fact]
    public async Task The_version_of_the_language_is_told()
    {
        using var admin = server.Live.Admin();
        Assert.Equal("3.0.0", (await admin.JsonAsync("/api/v1/status/buildinfo")).GetProperty("data").GetProperty("version").GetString());
    }

    [Theory]
    [InlineData("grafana", true, HttpStatusCode.OK)]
    [InlineData("", true, HttpStatusCode.OK)]
    [InlineData("grafana", false, HttpStatusCode.Unauthorized)]
    public async Task A_key_may_be_a_password(string user, bool isKey, HttpStatusCode expected)
    {
        using var http = new HttpClient { BaseAddress = server.Live.Url };
        var pair = $"{user}:{(isKey ? server.Live.AdminKey : "wrong")}";
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        using var answer = await http.GetAsync("/api/v1/labels", TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("%%%")]
    [InlineData("")]
    public async Task A_password_that_cannot_be_read_is_no_key(string encoded)
    {
        using var http = new HttpClient { BaseAddress = server.Live.Url };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Basic {encoded}");
        using var answer = await http.GetAsync("/api/v1/labels", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }
}
