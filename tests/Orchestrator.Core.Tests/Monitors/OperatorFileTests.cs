using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Tests.Monitors;

public sealed class OperatorFileTests
{
    private const string Demo = """
        environment: demo
        folder: rules
        storage: {sqlite: data/orchestrator.db}
        transport: {in_memory: true}
        connections: {data: {folder: data}}
        runners: {churn-train: {command: [python3, train.py], directory: churn}}
        targets: {lab: {kind: slack, url_file: secrets/slack}}
        groups: {ml-leads: ["oidc:ml-leads", lead@example.org]}
        notify: [{events: [fix_proposed, rule_error], owner: vision-team, target: lab}]
        four_eyes: false
        """;

    [Fact]
    public void An_operators_file_is_read_with_all_its_fields()
    {
        var read = OperatorFile.Read("orchestrator.yaml", Demo);
        Assert.Empty(read.Diagnostics);
        var file = read.Value!;
        Assert.Equal(("demo", new RulesSource.Folder("rules"), "data/orchestrator.db", false), (file.Environment, file.Rules, file.Database, file.FourEyes));
        Assert.Equal(new ConnectionSpec.Folder("data"), file.Connections["data"]);
        Assert.Equal(["python3", "train.py"], file.Runners["churn-train"].Command);
        Assert.Equal(["oidc:ml-leads", "lead@example.org"], file.Groups["ml-leads"]);
        Assert.Equal(new TargetSpec(TargetKind.Slack, "secrets/slack"), file.Targets["lab"]);
        Assert.Equal(["fix_proposed", "rule_error"], Assert.Single(file.Notify).Events);
        Assert.Equal(new Transport.InMemory(), file.Transport);
    }

    [Theory]
    [InlineData("{host: mq, user: o, password_file: p}", "mq", 5672, "/", false)]
    [InlineData("{host: mq, user: o, password_file: p, tls: true}", "mq", 5671, "/", true)]
    [InlineData("{host: mq, port: 7000, virtual_host: ml, user: o, password_file: p, tls: true}", "mq", 7000, "ml", true)]
    public void A_broker_is_named_by_its_host_and_its_password_by_a_file(string given, string host, int port, string virtualHost, bool tls)
    {
        var read = OperatorFile.Read("x", Demo.Replace("{in_memory: true}", $"{{rabbitmq: {given}}}", StringComparison.Ordinal));
        Assert.Empty(read.Diagnostics);
        Assert.Equal(new Transport.RabbitMq(host, port, virtualHost, "o", "p", tls), read.Value!.Transport);
    }

    [Theory]
    [InlineData("folder: rules", "folder: rules\ngit: {url: a}", "x:2:1: CONF001 both \"git\" and \"folder\" are given; allowed: one of git, folder")]
    [InlineData("{in_memory: true}", "{in_memory: true, rabbitmq: {host: a, user: b, password_file: c}}", "x:4:30: CONF006 both \"in_memory\" and \"rabbitmq\" are given; allowed: one of in_memory, rabbitmq")]
    [InlineData("{in_memory: true}", "{rabbitmq: {host: a, user: b, password: c}}", "x:4:42: YAML020 unknown field \"password\"; allowed: tls, host, port, virtual_host, user, password_file")]
    [InlineData("{sqlite: data/orchestrator.db}", "{postgres: {dsn_file: a}}", "x:3:11: CONF009 \"postgres\": not supported yet; allowed: sqlite")]
    [InlineData("rule_error]", "rule_eror]", "x:9:19: CONF004 event \"rule_eror\" is not known; allowed: fix_proposed, approval_expiring, fix_failed, work_parked, rule_error; did you mean rule_error?")]
    [InlineData("target: lab", "target: lap", "x:9:75: CONF005 target \"lap\" is not given; allowed: lab; did you mean lab?")]
    [InlineData("{folder: data}", "{driver: postgres, dsn_file: a}", "x:5:30: CONF009 driver \"postgres\": not supported yet; allowed: {folder: PATH}")]
    [InlineData("four_eyes", "four_eye", "x:10:1: YAML020 unknown field \"four_eye\"; allowed: environment, folder, git, storage, transport, connections, runners, hooks, targets, groups, notify, four_eyes; did you mean four_eyes?")]
    public void A_wrong_field_is_located_with_what_is_allowed(string old, string changed, string expected)
    {
        var read = OperatorFile.Read("x", Demo.Replace(old, changed, StringComparison.Ordinal));
        Assert.Null(read.Value);
        Assert.Contains(expected, read.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }
}
