using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Tests.Monitors;

public sealed class MonitorFileTests
{
    private const string Churn = """
        monitor: churn
        model: churn
        cron: "0 3 * * *"
        time_zone: Europe/Berlin
        datasets:
          churn-train: {connection: lake, path: churn/train.parquet, split: train}
          churn-production:
            connection: warehouse
            query: select * from predictions where served_at >= :from and served_at < :to
            split: production
            window: 1d
            reference: churn-train
            roles: {id: prediction_id, time: served_at, prediction: pred, scores: {churned: p}, features: "f_*", model_version: version,
                    latency: {column: ms, unit: ms}, error: failed, system: [host, queue_ms], ignore: [email]}
            labels: {connection: warehouse, query: select * from outcomes, join: prediction_id, label: churned, time: observed_at, delay: 30d}
        segments: [country, {name: tenure, by: quartiles(tenure)}]
        metrics: [data, {drift: {variant: psi, bins: 10}}, model, data_label_error_ratio]
        """;

    [Fact]
    public void A_monitor_is_read_with_all_its_fields()
    {
        var read = MonitorFile.Read("churn.monitor.yaml", Churn);
        var monitor = read.Value!;
        Assert.Empty(read.Diagnostics);
        Assert.Equal(("churn", "churn", 30), (monitor.Name, monitor.Model, monitor.MinRows));
        Assert.Equal("0 3 * * *", Assert.IsType<MonitorSchedule.Cron>(monitor.Schedule).Expression.Text);
        Assert.Equal(["churn-train", "churn-production"], monitor.Datasets.Select(dataset => dataset.Name));
        Assert.Equal([new SegmentSpec("country", new SegmentBy.Values("country")), new SegmentSpec("tenure", new SegmentBy.Quartiles("tenure"))], monitor.Segments);
        Assert.Equal(["data", "drift", "model", "data_label_error_ratio"], monitor.Metrics.Select(metric => metric.Name));
        Assert.Equal(10, monitor.Metrics[1].Parameters["bins"].GetInt32());
    }

    [Theory]
    [InlineData("{drift: {bins: 1}}", "17:26: MON028 \"1\" is no value of \"bins\"; allowed: a whole number from 2 to 100")]
    [InlineData("{drift: {bins: ten}}", "17:26: MON028 \"ten\" is no value of \"bins\"; allowed: a whole number from 2 to 100")]
    [InlineData("{drift: {variant: [psi, wassertein]}}", "17:35: MON028 \"wassertein\" is no value of \"variant\"; allowed: psi, js, hellinger, ks, wasserstein, tvd, linf, cramers_v, missing, or a list of them; did you mean wasserstein?")]
    [InlineData("{drift: {variant: []}}", "17:29: MON028 a list is no value of \"variant\"; allowed: psi, js, hellinger, ks, wasserstein, tvd, linf, cramers_v, missing, or a list of them")]
    [InlineData("{data_drifted_feature_ratio: {p: 1.5}}", "17:44: MON028 \"1.5\" is no value of \"p\"; allowed: a number from 0 to 1")]
    [InlineData("{data_drifted_feature_ratio: {bins: 5}}", "17:41: MON027 \"data_drifted_feature_ratio\" takes no parameter \"bins\"; allowed: effect, stability_index, p")]
    [InlineData("{drift: {bin: 10}}", "17:20: MON027 \"drift\" takes no parameter \"bin\"; allowed: bins, variant, effect, stability_index, p; did you mean bins?")]
    [InlineData("{data_rows: {bins: 10}}", "17:24: MON027 \"data_rows\" takes no parameters; allowed: \"data_rows\" alone")]
    [InlineData("{drift: {bins: 10}}, {drift: {bins: 20}}", "17:33: MON029 \"drift\" is given parameters twice; allowed: all of them in one entry")]
    public void Parameters_of_metrics_are_those_of_the_catalogue(string metrics, string expected)
    {
        var read = MonitorFile.Read("x", Churn.Replace("[data, {drift: {variant: psi, bins: 10}}, model, data_label_error_ratio]", $"[{metrics}]", StringComparison.Ordinal));

        Assert.Null(read.Value);
        Assert.Equal([$"x:{expected}"], read.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void Parameters_of_a_metric_come_before_those_of_its_family()
    {
        var monitor = MonitorFile.Read("x", Churn.Replace("{variant: psi, bins: 10}}", "{variant: psi, bins: 10}}, {model_score_drift: {bins: 20}}", StringComparison.Ordinal)).Value!;

        int Bins(string metric) => monitor.ParametersOf([MetricCatalog.Find(metric)!])["bins"].GetInt32();

        Assert.Equal((10, 20), (Bins("data_feature_drift"), Bins("model_score_drift")));
        Assert.Equal("psi", monitor.ParametersOf([MetricCatalog.Find("model_score_drift")!])["variant"].GetString());
        Assert.Empty(monitor.ParametersOf([MetricCatalog.Find("data_drifted_feature_ratio")!]));
    }

    [Fact]
    public void A_dataset_is_read_with_its_roles_and_labels()
    {
        var dataset = MonitorFile.Read("churn.monitor.yaml", Churn).Value!.Datasets[1];
        Assert.Equal((DatasetSplit.Production, TimeSpan.FromDays(1), "churn-train"), (dataset.Split, dataset.Window, dataset.Reference));
        Assert.StartsWith("select * from predictions", Assert.IsType<DataLocation.Query>(dataset.From).Sql, StringComparison.Ordinal);
        var labels = dataset.Labels!;
        Assert.Equal((new DataLocation.Query("warehouse", "select * from outcomes"), "prediction_id", "churned", "observed_at", TimeSpan.FromDays(30)), (labels.From, labels.Join, labels.Label, labels.Time, labels.Delay));
        var roles = dataset.Roles;
        Assert.Equal(("prediction_id", "served_at", "pred", "version", "failed"), (roles.Id, roles.Time, roles.Prediction, roles.ModelVersion, roles.Error));
        Assert.Equal("p", Assert.IsType<ScoreColumns.ByClass>(roles.Scores).Columns["churned"]);
        Assert.Equal(new LatencyColumn("ms", LatencyUnit.Ms), roles.Latency);
        Assert.Equal(["host", "queue_ms"], roles.System);
        Assert.Equal(["f_*"], roles.Features);
    }

    [Theory]
    [InlineData("cron: \"0 3 * * *\"", "every: 6h", "x:4:1: MON003 \"time_zone\" goes with \"cron\"; allowed with every: none, its grid is UTC")]
    [InlineData("cron: \"0 3 * * *\"", "cron: \"0 0 30 2 *\"", "x:3:7: MON004 the cron expression never fires: no month has such a day; allowed: minute hour day month weekday, such as \"0 3 * * *\", with seconds before them if need be")]
    [InlineData("Europe/Berlin", "Europe/Berln", "x:4:12: MON005 time zone \"Europe/Berln\" is not known; allowed: names such as Europe/Berlin; did you mean Europe/Berlin?")]
    [InlineData("reference: churn-train", "reference: churn-trian", "x:12:16: MON006 reference \"churn-trian\" is no other dataset of this monitor; allowed: churn-train; did you mean churn-train?")]
    [InlineData("quartiles(tenure)", "quartile(tenure)", "x:16:40: MON008 \"quartile(tenure)\" is no way to form segments; allowed: a column, or quartiles(COLUMN); did you mean quartiles(tenure)?")]
    [InlineData("metrics: [data,", "metrics: [dta,", "x:17:11: MON009 \"dta\" is no family of metrics and no metric; allowed: data, drift, model, system, joint, segments, or a metric such as data_rows; did you mean data?")]
    [InlineData("path: churn/train.parquet", "path: ../train.parquet", "x:6:41: MON011 path \"../train.parquet\" leaves the connection's folder; allowed: a path inside the folder, by \"/\", without \"..\"")]
    [InlineData("window: 1d", "window: 1 d", "x:11:13: YAML023 \"1 d\" is no value of \"window\"; allowed: a duration such as 30s, 5m, 1h30m, 2d")]
    [InlineData("time: served_at,", "", "x:11:13: MON013 a window needs to know the time of a row; allowed: a column as role \"time\"")]
    [InlineData("prediction: pred", "prediction: served_at", "x:13:61: MON016 column \"served_at\" has the roles time and prediction; allowed: one role a column")]
    public void A_wrong_field_is_located_with_what_is_allowed(string old, string changed, string expected)
    {
        var read = MonitorFile.Read("x", Churn.Replace(old, changed, StringComparison.Ordinal));
        Assert.Null(read.Value);
        Assert.Contains(expected, read.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void Rows_and_labels_may_be_pushed_in_place_of_being_read()
    {
        const string Pushed = """
            monitor: m
            every: 1d
            datasets:
              served: {push: true, split: production, roles: {id: id}, labels: {push: true, join: id, label: kind}}
            metrics: [data]
            """;
        var read = MonitorFile.Read("x", Pushed);
        Assert.Empty(read.Diagnostics);
        Assert.Equal((new DataLocation.Push(), new DataLocation.Push()), (read.Value!.Datasets[0].From, read.Value.Datasets[0].Labels!.From));
        Assert.Equal(
            ["x:4:24: MON017 \"push\" and \"path\" are both given; allowed: push alone, or a connection with one of path, query"],
            MonitorFile.Read("x", Pushed.Replace("push: true, split", "push: true, path: a.csv, split", StringComparison.Ordinal)).Diagnostics.Select(diagnostic => diagnostic.ToString()));
        Assert.Equal(
            ["x:4:11: YAML021 field \"connection\" is missing", "x:4:11: MON010 neither \"path\" nor \"query\" is given; allowed: one of path, query, push"],
            MonitorFile.Read("x", Pushed.Replace("push: true, split", "push: false, split", StringComparison.Ordinal)).Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void The_demo_monitor_and_model_have_nothing_to_complain_about()
    {
        var monitor = MonitorFile.Read("digits.monitor.yaml", Repository.Text("rules/digits.monitor.yaml"));
        var model = ModelFile.Read("digits.model.yaml", Repository.Text("rules/digits.model.yaml"));
        Assert.Empty(monitor.Diagnostics);
        Assert.Empty(model.Diagnostics);
        Assert.Equal(new MonitorSchedule.Every(TimeSpan.FromHours(6)), monitor.Value!.Schedule);
        Assert.Equal(new GateConditions("model_accuracy", 0.005, 0.05, null), model.Value!.Gate);
        Assert.Equal(new DataLocation.Files("data", "production/labels-*.csv"), monitor.Value!.Datasets[1].Labels!.From);
    }

    [Fact]
    public void The_search_for_segments_has_parameters()
    {
        var read = MonitorFile.Read("churn.monitor.yaml", Churn.Replace(", data_label_error_ratio]", ", {segments: {features: auto, depth: 3, min_rows: 200, by: [model_accuracy]}}]", StringComparison.Ordinal));
        var search = read.Value!.SegmentSearch;

        Assert.Equal((true, 3, 200), (search.AllFeatures, search.Depth, search.MinimumRows));
        Assert.True(search.Wants("model_accuracy"));
        Assert.False(search.Wants("data_label_error_ratio"));
    }

    [Theory]
    [InlineData("{features: all}", "17:81: MON026 \"all\" is no choice of \"features\"; allowed: declared, auto")]
    [InlineData("{by: [model_acuracy]}", "17:75: MON026 \"model_acuracy\" is no choice of \"by\"; allowed: model_accuracy, data_label_error_ratio; did you mean model_accuracy?")]
    [InlineData("{deepth: 2}", "17:71: YAML020 unknown field \"deepth\"; allowed: features, depth, min_rows, by; did you mean depth?")]
    public void A_wrong_parameter_of_the_search_is_located(string parameters, string expected)
    {
        var read = MonitorFile.Read("churn.monitor.yaml", Churn.Replace(", data_label_error_ratio]", $", {{segments: {parameters}}}]", StringComparison.Ordinal));

        Assert.Contains($"churn.monitor.yaml:{expected}", read.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }
}
