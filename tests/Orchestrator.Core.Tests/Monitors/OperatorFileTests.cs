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
        Assert.Equal(new TargetSpec.Slack("secrets/slack", AllowPrivate: false), file.Targets["lab"]);
        Assert.Equal(["fix_proposed", "rule_error"], Assert.Single(file.Notify).Events);
        Assert.Equal(new Transport.InMemory(), file.Transport);
    }

    [Fact]
    public void People_are_given_roles_for_every_model_and_for_single_ones()
    {
        var read = OperatorFile.Read("orchestrator.yaml", """
            folder: rules
            sign_in: {passwords_file: people.passwords, oidc: {authority: "https://login.example.org/ml", client_id: orchestrator, client_secret_file: secret, groups_claim: roles, scopes: [profile]}}
            people:
              ann@example.org: {roles: [approver, labeler]}
              "oidc:vision": {models: {digits: [approver], churn: viewer}}
            """);
        Assert.Empty(read.Diagnostics);
        var file = read.Value!;
        Assert.Equal("people.passwords", file.SignIn.PasswordsFile);
        var provider = file.SignIn.Provider!;
        Assert.Equal(("https://login.example.org/ml", "orchestrator", "secret"), (provider.Authority, provider.ClientId, provider.ClientSecretFile));
        Assert.Equal(("email", "roles", "Single sign-on", "profile"), (provider.NameClaim, provider.GroupsClaim, provider.Title, Assert.Single(provider.Scopes)));
        Assert.Equal(["approver", "labeler"], file.People["ann@example.org"].Roles);
        Assert.Equal(["churn viewer", "digits approver"], file.People["oidc:vision"].Models.Select(model => $"{model.Key} {Assert.Single(model.Value)}"));
    }

    [Theory]
    [InlineData("people: {ann: {roles: [aprover]}}", "orchestrator.yaml:2:23: CONF012 \"aprover\" is no role; allowed: viewer, labeler, pusher, approver, author, admin; did you mean approver?")]
    [InlineData("people: {ann: {}}", "orchestrator.yaml:2:15: YAML021 field \"roles\" is missing")]
    [InlineData("sign_in: {oidc: {authority: 'http://login.example.org', client_id: a}}", "orchestrator.yaml:2:29: CONF007 \"http://login.example.org\" would be asked over a connection that is not encrypted; allowed: https, or http on this machine")]
    public void What_would_let_the_wrong_people_in_is_refused(string line, string expected)
    {
        var read = OperatorFile.Read("orchestrator.yaml", $"folder: rules\n{line}\n");
        Assert.Equal(expected, Assert.Single(read.Diagnostics).ToString());
    }

    [Fact]
    public void Commands_say_what_they_read_may_see_and_may_write()
    {
        var read = OperatorFile.Read("orchestrator.yaml", """
            folder: rules
            runners: {fit: {command: [python3, train.py], format: parquet, environment: [CUDA_VISIBLE_DEVICES], output: 2GiB}, score: {command: [score]}}
            commands: {export: {command: [make, export], repeatable: true, timeout: 5m}, wipe: {command: [wipe]}}
            """);
        Assert.Empty(read.Diagnostics);
        var (fit, score) = (read.Value!.Runners["fit"], read.Value.Runners["score"]);
        Assert.Equal((RowFormat.Parquet, "CUDA_VISIBLE_DEVICES", 2L << 30), (fit.Format, Assert.Single(fit.Line.Environment), fit.Line.OutputBytes));
        Assert.Equal((RowFormat.Csv, 10L << 30), (score.Format, score.Line.OutputBytes));
        var (export, wipe) = (read.Value.Commands["export"], read.Value.Commands["wipe"]);
        Assert.Equal((true, TimeSpan.FromMinutes(5)), (export.IsRepeatable, export.Timeout));
        Assert.Equal((false, null), (wipe.IsRepeatable, wipe.Timeout));
    }

    [Fact]
    public void Analytics_take_a_gibibyte_and_two_threads_if_nothing_else_is_said()
    {
        Assert.Equal(new AnalyticsSpec(1L << 30, 2), OperatorFile.Read("x", "folder: rules").Value!.Analytics);
        Assert.Equal(new AnalyticsSpec(4L << 30, 8), OperatorFile.Read("x", "folder: rules\nanalytics: {memory: 4GiB, threads: 8}").Value!.Analytics);
        var wrong = OperatorFile.Read("x", "folder: rules\nanalytics: {memory: 64MiB}");
        Assert.Equal("x:2:21: CONF010 less memory than any measurement needs; at least 128MiB", Assert.Single(wrong.Diagnostics).ToString());
    }

    [Fact]
    public void Samples_are_kept_as_long_and_as_large_as_the_file_says()
    {
        var read = OperatorFile.Read("x", Demo + "\nsamples: {keep: 90d, size: 10GiB, compact_after: 30m}");
        Assert.Empty(read.Diagnostics);
        Assert.Equal(new SampleLimits(TimeSpan.FromDays(90), 10L << 30, TimeSpan.FromMinutes(30)), read.Value!.Samples);
        Assert.Equal(new SampleLimits(TimeSpan.FromDays(36_500), long.MaxValue, TimeSpan.FromHours(2)), OperatorFile.Read("x", Demo).Value!.Samples);
        Assert.Equal("x:11:17: ", OperatorFile.Read("x", Demo + "\nsamples: {keep: never}").Diagnostics[0].ToString()[..9]);
    }

    [Fact]
    public void A_database_is_named_by_its_driver_and_the_file_of_its_connection_string()
    {
        var read = OperatorFile.Read("x", Demo.Replace("{folder: data}", "{driver: postgres, dsn_file: /run/secrets/dw, timeout: 30s}", StringComparison.Ordinal));
        Assert.Empty(read.Diagnostics);
        Assert.Equal(new ConnectionSpec.Database("postgres", "/run/secrets/dw", TimeSpan.FromSeconds(30)), read.Value!.Connections["data"]);
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

    [Fact]
    public void Targets_of_each_kind_and_hooks_are_read()
    {
        var read = OperatorFile.Read("orchestrator.yaml", """
            folder: rules
            public_url: https://orchestrator.example.com/
            hooks: {deploy: {url: "https://deploy.example.com/churn", secret_file: secrets/hook, allow_private: true}}
            targets:
              web: {kind: webhook, url_file: secrets/web, secret_file: secrets/key}
              mail: {kind: email, host: mail.example.com, user: bot, password_file: secrets/mail, from: bot@example.com, to: [ann@example.com, bob@example.com]}
              plain: {kind: email, host: mail.example.com, port: 2525, tls: none, from: bot@example.com, to: ann@example.com, allow_private: true}
              early: {kind: email, host: mail.example.com, tls: always, from: bot@example.com, to: ann@example.com}
            """);
        Assert.Empty(read.Diagnostics);
        var file = read.Value!;
        Assert.Equal("https://orchestrator.example.com", file.PublicUrl);
        Assert.Equal(new HookSpec("https://deploy.example.com/churn", "secrets/hook", AllowPrivate: true), file.Hooks["deploy"]);
        Assert.Equal(new TargetSpec.Webhook("secrets/web", "secrets/key", AllowPrivate: false), file.Targets["web"]);
        var mail = Assert.IsType<TargetSpec.Email>(file.Targets["mail"]);
        Assert.Equal(new MailServer("mail.example.com", 587, MailSecurity.Starttls, "bot", "secrets/mail"), mail.Server);
        Assert.Equal(["ann@example.com", "bob@example.com"], mail.To);
        Assert.Equal((2525, MailSecurity.None, true), (((TargetSpec.Email)file.Targets["plain"]).Server.Port, ((TargetSpec.Email)file.Targets["plain"]).Server.Tls, file.Targets["plain"].AllowPrivate));
        Assert.Equal(465, ((TargetSpec.Email)file.Targets["early"]).Server.Port);
    }

    [Theory]
    [InlineData("{kind: email, host: h, tls: none, user: u, password_file: p, from: a@b, to: c@d}", "x:2:46: CONF007 a password is never sent over a connection that is not encrypted; allowed with a user: always, starttls")]
    [InlineData("{kind: email, host: h, user: u, from: a@b, to: c@d}", "x:2:47: CONF006 a user and a password go together; allowed: both of user, password_file, or none")]
    [InlineData("{kind: email, host: h, from: a@b, to: [c@d, \"c d@e\"]}", "x:2:56: CONF008 \"c d@e\" is no e-mail address; allowed: NAME@HOST")]
    [InlineData("{kind: email, host: h, tls: sometimes, from: a@b, to: c@d}", "x:2:46: YAML023 \"sometimes\" is no value of \"tls\"; allowed: always, starttls, none")]
    [InlineData("{kind: email, host: h, from: a@b}", "x:2:18: YAML021 field \"to\" is missing")]
    [InlineData("{kind: slak, url_file: f}", "x:2:25: YAML023 \"slak\" is no value of \"kind\"; allowed: webhook, slack, email; did you mean slack?")]
    [InlineData("{kind: slack}", "x:2:18: YAML021 field \"url_file\" is missing")]
    public void A_wrong_target_is_located_with_what_is_allowed(string target, string expected)
    {
        var read = OperatorFile.Read("x", $"folder: rules\ntargets: {{wrong: {target}}}\n");
        Assert.Null(read.Value);
        Assert.Contains(expected, read.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Theory]
    [InlineData("folder: rules", "folder: rules\ngit: {url: a}", "x:2:1: CONF001 both \"git\" and \"folder\" are given; allowed: one of git, folder")]
    [InlineData("{in_memory: true}", "{in_memory: true, rabbitmq: {host: a, user: b, password_file: c}}", "x:4:30: CONF006 both \"in_memory\" and \"rabbitmq\" are given; allowed: one of in_memory, rabbitmq")]
    [InlineData("{in_memory: true}", "{rabbitmq: {host: a, user: b, password: c}}", "x:4:42: YAML020 unknown field \"password\"; allowed: tls, host, port, virtual_host, user, password_file")]
    [InlineData("{sqlite: data/orchestrator.db}", "{postgres: {dsn_file: a}}", "x:3:11: CONF009 \"postgres\": not supported yet; allowed: sqlite")]
    [InlineData("rule_error]", "rule_eror]", "x:9:19: CONF004 event \"rule_eror\" is not known; allowed: fix_proposed, approval_expiring, fix_failed, work_parked, rule_error, deployment_failed; did you mean rule_error?")]
    [InlineData("target: lab", "target: lap", "x:9:75: CONF005 target \"lap\" is not given; allowed: lab; did you mean lab?")]
    [InlineData("{folder: data}", "{driver: postgre, dsn_file: a}", "x:5:30: CONF009 driver \"postgre\": not supported yet; allowed: postgres; did you mean postgres?")]
    [InlineData("four_eyes", "four_eye", "x:10:1: YAML020 unknown field \"four_eye\"; allowed: environment, folder, git, storage, transport, connections, runners, hooks, targets, groups, notify, four_eyes, samples, commands, sign_in, people, analytics, public_url; did you mean four_eyes?")]
    public void A_wrong_field_is_located_with_what_is_allowed(string old, string changed, string expected)
    {
        var read = OperatorFile.Read("x", Demo.Replace(old, changed, StringComparison.Ordinal));
        Assert.Null(read.Value);
        Assert.Contains(expected, read.Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }
}
