using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Addresses;
using Orchestrator.Runtime.Notifications;
using Orchestrator.Runtime.Tests.Addresses;

namespace Orchestrator.Runtime.Tests.Notifications;

/// <summary>Each kind of target, over a real connection to this machine.</summary>
public sealed class MessengerTests : IDisposable
{
    private static readonly Notification _message = new("fix_proposed", "The fix f-1 waits for <approval> & you.", "fix_proposed:f-1:1", new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero))
    {
        Environment = "prod", Model = "churn", Segment = "country = 'DE': 80 of 225 rows", Next = "orchestrator fixes show f-1",
    };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slack_gets_its_own_shape_with_its_own_signs_escaped()
    {
        using var listener = new LocalListener(_ => 200);
        Write("slack", listener.Url);

        Assert.Equal(new Delivery.Taken(), await SendAsync("lab", "{kind: slack, url_file: slack, allow_private: true}"));

        var body = JsonElement.Parse(Assert.Single(listener.Requests).Body);
        Assert.Equal("The fix f-1 waits for &lt;approval&gt; &amp; you.", body.GetProperty("text").GetString());
        var blocks = body.GetProperty("blocks").EnumerateArray().Select(block => (block.GetProperty("type").GetString(), block.GetProperty("text").GetProperty("type").GetString(), block.GetProperty("text").GetProperty("text").GetString()));
        Assert.Equal(
            [
                ("section", "mrkdwn", "*The fix f-1 waits for &lt;approval&gt; &amp; you.*"),
                ("section", "mrkdwn", "*model*  churn\n*segment*  country = 'DE': 80 of 225 rows\n*next*  orchestrator fixes show f-1"),
                ("section", "mrkdwn", "fix_proposed · prod · 2026-01-05 08:00:00Z"),
            ],
            blocks);
    }

    [Fact]
    public async Task A_webhook_is_signed_with_the_secret_of_its_file()
    {
        using var listener = new LocalListener(_ => 200);
        Write("hook", listener.Url);
        Write("secret", "opensesame\n");

        Assert.Equal(new Delivery.Taken(), await SendAsync("lab", "{kind: webhook, url_file: hook, secret_file: secret, allow_private: true}"));

        var received = Assert.Single(listener.Requests);
        var at = DateTimeOffset.FromUnixTimeSeconds(long.Parse(received.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Signature.Of("opensesame", received.Headers["webhook-id"], at, System.Text.Encoding.UTF8.GetBytes(received.Body)), received.Headers["webhook-signature"]);
    }

    [Fact]
    public async Task Mail_arrives_at_everybody_with_one_id_and_the_whole_message()
    {
        using var listener = new SmtpListener();
        var target = $"{{kind: email, host: localhost, port: {listener.Port}, tls: none, from: orchestrator@example.org, to: [ann@example.org, bob@example.org], allow_private: true}}";

        Assert.Equal(new Delivery.Taken(), await SendAsync("lab", target));
        Assert.Equal(new Delivery.Taken(), await SendAsync("lab", target));

        Assert.Equal(["RCPT TO:<ann@example.org>", "RCPT TO:<bob@example.org>"], listener.Recipients.Take(2));
        Assert.Contains("Subject: [prod] The fix f-1 waits for <approval> & you.", listener.Messages[0], StringComparison.Ordinal);
        Assert.Contains("segment  country = 'DE': 80 of 225 rows\nnext     orchestrator fixes show f-1\n", listener.Messages[0], StringComparison.Ordinal);
        Assert.Equal(Id(listener.Messages[0]), Id(listener.Messages[1]));

        static string Id(string message) => message.Split('\n').Single(line => line.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("550 unknown", typeof(Delivery.Refused), "it answered 550")]
    [InlineData("451 later", typeof(Delivery.NotNow), "it answered 451")]
    public async Task A_mail_server_that_does_not_take_it_is_told_apart_from_one_that_will(string answer, Type expected, string reason)
    {
        using var listener = new SmtpListener(answer);
        var delivery = await SendAsync("lab", $"{{kind: email, host: localhost, port: {listener.Port}, tls: none, from: a@example.org, to: b@example.org, allow_private: true}}");
        Assert.Equal((expected, $"the target \"lab\" did not take it: {reason}"), (delivery.GetType(), Reason(delivery)));
    }

    [Fact]
    public async Task A_password_is_not_sent_to_a_server_that_does_not_encrypt()
    {
        using var listener = new SmtpListener();
        Write("password", "secret");
        var delivery = await SendAsync("lab", $"{{kind: email, host: localhost, port: {listener.Port}, user: a, password_file: password, from: a@example.org, to: b@example.org, allow_private: true}}");
        Assert.Equal("the target \"lab\" did not take it: it cannot encrypt the connection (STARTTLS)", Reason(delivery));
        Assert.Empty(listener.Messages);
    }

    [Theory]
    [InlineData("{kind: slack, url_file: none}", "the file none does not exist")]
    [InlineData("{kind: slack, url_file: empty}", "the file empty is empty")]
    [InlineData("{kind: webhook, url_file: odd}", "its address is none of http or https")]
    [InlineData("{kind: webhook, url_file: near}", "its host leads to an address that is not public (loopback); allow_private: true allows that")]
    [InlineData("{kind: email, host: localhost, tls: none, from: a@example.org, to: b@example.org}", "its host leads to an address that is not public (loopback); allow_private: true allows that")]
    public async Task A_target_that_cannot_be_used_says_why_and_never_where(string target, string reason)
    {
        Write("empty", "\n");
        Write("odd", "ftp://example.com/secret-path");
        Write("near", "https://localhost/secret-path");
        Assert.Equal(new Delivery.Refused($"the target \"lab\" did not take it: {reason}"), await SendAsync("lab", target));
    }

    [Fact]
    public async Task An_unknown_target_is_told_with_those_that_are_named() => Assert.Equal(
        new Delivery.Refused("the operator's file names no target \"lap\" (named: lab); did you mean lab?"), await SendAsync("lap", "{kind: slack, url_file: slack}"));

    public void Dispose() => _folder.Dispose();

    private static string? Reason(Delivery delivery) => (delivery as Delivery.Refused)?.Reason ?? (delivery as Delivery.NotNow)?.Reason;

    private void Write(string file, string text) => File.WriteAllText(_folder[file], text);

    private async Task<Delivery> SendAsync(string name, string target)
    {
        var read = OperatorFile.Read("orchestrator.yaml", $"folder: rules\ntargets: {{lab: {target}}}\n");
        Assert.Empty(read.Diagnostics);
        var options = new NodeOptions(_folder.Path, read.Value!, _folder.Path) { Logging = NullLoggerFactory.Instance, Patience = TimeSpan.FromSeconds(5) };
        using var http = new HttpPost(options.Dialer, options.Real, options.Patience);
        return await new Messenger(options, http).SendAsync(name, _message, Cancel);
    }
}
