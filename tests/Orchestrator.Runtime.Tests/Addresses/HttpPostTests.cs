using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Orchestrator.Runtime.Addresses;

namespace Orchestrator.Runtime.Tests.Addresses;

public sealed class HttpPostTests
{
    private static readonly FakeTimeProvider _real = new(new DateTimeOffset(2030, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_letter_arrives_with_its_id_its_time_and_a_signature_over_both_and_its_body()
    {
        using var listener = new LocalListener(_ => 204);
        using var post = Post();

        Assert.Equal(new Delivery.Taken(), await post.SendAsync(Letter(listener.Url) with { Secret = "opensesame" }, Cancel));

        var received = Assert.Single(listener.Requests);
        Assert.Equal(("/told/secret-path", """{"text":"hällo"}""", "1898596800"), (received.Path, received.Body, received.Headers["webhook-timestamp"]));
        Assert.Equal(Signature.Of("opensesame", received.Headers["webhook-id"], _real.GetUtcNow(), Encoding.UTF8.GetBytes(received.Body)), received.Headers["webhook-signature"]);
        Assert.Equal("application/json; charset=utf-8", received.Headers["content-type"]);
        Assert.DoesNotContain("traceparent", received.Headers.Keys);
    }

    [Fact]
    public async Task The_same_letter_has_the_same_id_whenever_it_is_sent_and_no_signature_without_a_secret()
    {
        using var listener = new LocalListener(_ => 200);
        using var post = Post();
        await post.SendAsync(Letter(listener.Url), Cancel);
        await post.SendAsync(Letter(listener.Url), Cancel);
        await post.SendAsync(Letter(listener.Url) with { Key = "an other:key/7" }, Cancel);

        var ids = listener.Requests.Select(request => request.Headers["webhook-id"]).ToList();
        Assert.Equal((ids[0], 2), (ids[1], ids.Distinct().Count()));
        Assert.All(listener.Requests, request => Assert.DoesNotContain("webhook-signature", request.Headers.Keys));
    }

    [Fact]
    public async Task A_private_address_is_refused_before_anything_is_sent_unless_the_operator_allows_it()
    {
        using var listener = new LocalListener(_ => 200);
        using var post = Post();

        var refused = await post.SendAsync(Letter(listener.Url) with { AllowPrivate = false }, Cancel);

        Assert.Equal(new Delivery.Refused("its host leads to an address that is not public (loopback); allow_private: true allows that"), refused);
        Assert.Empty(listener.Requests);
        Assert.IsType<Delivery.Taken>(await post.SendAsync(Letter(listener.Url), Cancel));
        Assert.IsType<Delivery.Refused>(await post.SendAsync(Letter(listener.Url) with { AllowPrivate = false }, Cancel)); // no connection is shared
    }

    [Theory]
    [InlineData("http://2130706433/")] // 127.0.0.1 as one number
    [InlineData("http://0x7f.1/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    public async Task An_address_in_disguise_is_seen_through(string url)
    {
        using var post = Post();
        Assert.Contains("not public", Assert.IsType<Delivery.Refused>(await post.SendAsync(Letter(url) with { AllowPrivate = false }, Cancel)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_looked_up_once_for_each_connection_and_what_was_checked_is_what_is_connected_to()
    {
        using var listener = new LocalListener(_ => 200);
        var answers = new Queue<IPAddress[]>([[IPAddress.Parse("203.0.114.7"), IPAddress.Loopback], [IPAddress.Loopback]]);
        using var post = Post(new Dialer((_, _) => Task.FromResult(answers.Dequeue())));

        // One public address beside a private one gains nothing; nor does a name that answers otherwise when asked again.
        Assert.IsType<Delivery.Refused>(await post.SendAsync(Letter($"http://rebound.example.com:{listener.Port}/") with { AllowPrivate = false }, Cancel));
        Assert.Single(answers);
        Assert.IsType<Delivery.Taken>(await post.SendAsync(Letter($"http://rebound.example.com:{listener.Port}/"), Cancel));
        Assert.Empty(answers);
        Assert.Single(listener.Requests);
    }

    [Theory]
    [InlineData(302, "it answered 302: redirects are not followed")]
    [InlineData(404, "it answered 404")]
    [InlineData(401, "it answered 401")]
    public async Task What_would_be_the_same_again_is_refused(int status, string reason)
    {
        using var elsewhere = new LocalListener(_ => 200);
        using var listener = new LocalListener(_ => status, $"Location: {elsewhere.Url}\r\n");
        using var post = Post();

        Assert.Equal(new Delivery.Refused(reason), await post.SendAsync(Letter(listener.Url), Cancel));
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData(500, "it answered 500")]
    [InlineData(503, "it answered 503")]
    [InlineData(429, "it answered 429")]
    [InlineData(LocalListener.Never, "it did not answer within 0.3 s")]
    public async Task What_may_pass_is_not_taken_for_now(int status, string reason)
    {
        using var listener = new LocalListener(_ => status);
        using var post = Post(patienceSeconds: status == LocalListener.Never ? 0.3 : 60);
        Assert.Equal(new Delivery.NotNow(reason), await post.SendAsync(Letter(listener.Url), Cancel));
    }

    [Fact]
    public async Task No_reason_names_the_address()
    {
        var gone = new LocalListener(_ => 200);
        var url = gone.Url;
        gone.Dispose();
        using var post = Post();

        Assert.Equal(new Delivery.NotNow("it cannot be connected to"), await post.SendAsync(Letter(url), Cancel));
        Assert.Equal(new Delivery.Refused("its address is none of http or https"), await post.SendAsync(Letter("file:///secret-path"), Cancel));
    }

    /// <summary>The example of the specification's own libraries.</summary>
    [Fact]
    public void The_signature_is_that_of_standard_webhooks() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        Signature.Of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), """{"test": 2432232314}"""u8));

    private static HttpPost Post(Dialer? dialer = null, double patienceSeconds = 60) => new(dialer ?? Dialer.System, _real, TimeSpan.FromSeconds(patienceSeconds));

    private static Letter Letter(string url) => new(url, "fix_proposed:f-1:1", """{"text":"hällo"}""", null, AllowPrivate: true);
}
