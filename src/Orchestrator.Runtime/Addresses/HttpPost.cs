using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Orchestrator.Core.Series;

namespace Orchestrator.Runtime.Addresses;

/// <summary>Posts JSON to addresses that the operator named: checked when connected to, no proxy, no redirects, a limited time, of the answer the status alone, and never a word of the address.</summary>
public sealed class HttpPost : IDisposable
{
    private readonly TimeProvider _real;
    private readonly TimeSpan _patience;
    private readonly HttpClient _public;
    private readonly HttpClient _anywhere;

    /// <param name="patience">How long an address may take to answer.</param>
    public HttpPost(Dialer dialer, TimeProvider real, TimeSpan patience)
    {
        (_real, _patience) = (real, patience);
        _public = Client(dialer, allowPrivate: false);
        _anywhere = Client(dialer, allowPrivate: true);
    }

    public async Task<Delivery> SendAsync(Letter letter, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(letter.Url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return new Delivery.Refused("its address is none of http or https");
        }

        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(_patience);
        try
        {
            using var request = Request(letter, address);
            using var answer = await (letter.AllowPrivate ? _anywhere : _public).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, bounded.Token).ConfigureAwait(false);
            return Meaning(answer.StatusCode);
        }
        catch (HttpRequestException error)
        {
            return error.InnerException is AddressRefusedException refused ? new Delivery.Refused(refused.Message) : new Delivery.NotNow(Words(error.HttpRequestError));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Delivery.NotNow(FormattableString.Invariant($"it did not answer within {_patience.TotalSeconds:0.###} s"));
        }
    }

    public void Dispose()
    {
        _public.Dispose();
        _anywhere.Dispose();
    }

    private HttpRequestMessage Request(Letter letter, Uri address)
    {
        var body = Encoding.UTF8.GetBytes(letter.Json);
        var now = _real.GetUtcNow();
        var id = Digest.Of(letter.Key)[..32];
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.UserAgent.ParseAdd("orchestrator");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", Signature.Seconds(now));
        if (letter.Secret is { } secret)
        {
            request.Headers.Add("webhook-signature", Signature.Of(secret, id, now, body));
        }

        return request;
    }

    /// <summary>Faults of the server and a plea for patience pass; everything else would be the same again.</summary>
    private static Delivery Meaning(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => new Delivery.Taken(),
        >= 300 and < 400 => new Delivery.Refused($"it answered {(int)status}: redirects are not followed"),
        408 or 425 or 429 or >= 500 => new Delivery.NotNow($"it answered {(int)status}"),
        _ => new Delivery.Refused($"it answered {(int)status}"),
    };

    /// <summary>The library's own messages name the host and are not passed on.</summary>
    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the name of its host is not known",
        HttpRequestError.ConnectionError => "it cannot be connected to",
        HttpRequestError.SecureConnectionError => "no trusted encrypted connection came about",
        HttpRequestError.ConfigurationLimitExceeded => "the head of its answer is too long",
        _ => "it answered nothing that is HTTP",
    };

    private static HttpClient Client(Dialer dialer, bool allowPrivate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.Zero,
            MaxResponseHeadersLength = 16,
            ConnectCallback = async (context, cancellation) => await dialer.ConnectAsync(context.DnsEndPoint, allowPrivate, cancellation).ConfigureAwait(false),
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
