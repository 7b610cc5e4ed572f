using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestrator.Runtime.Tests.Addresses;

/// <summary>What a listener was sent.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>Takes HTTP requests on a free port of this machine and answers each as the test says.</summary>
internal sealed class LocalListener : IDisposable
{
    /// <summary>In place of a status: the request is read and never answered.</summary>
    public const int Never = 0;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Received> _requests = [];
    private readonly Func<Received, int> _answer;
    private readonly string _headers;

    /// <param name="headers">Further header lines of each answer.</param>
    public LocalListener(Func<Received, int> answer, string headers = "")
    {
        (_answer, _headers) = (answer, headers);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://localhost:{Port}/told/secret-path";

    public IReadOnlyList<Received> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            var received = await ReadAsync(client.GetStream());
            int status;
            lock (_requests)
            {
                _requests.Add(received);
                status = _answer(received);
            }

            if (status == Never)
            {
                await client.GetStream().ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false); // until the caller hangs up
                return;
            }

            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} told\r\n{_headers}Content-Length: 2\r\nConnection: close\r\n\r\nok"));
        }
    }

    private static async Task<Received> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!(bytes.Count > 3 && bytes[^1] == '\n' && bytes[^3] == '\n') && await stream.ReadAsync(one) == 1)
        {
            bytes.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var body = new byte[headers.TryGetValue("content-length", out var length) ? int.Parse(length, CultureInfo.InvariantCulture) : 0];
        await stream.ReadExactlyAsync(body);
        return new Received(lines[0].Split(' ')[1], headers, Encoding.UTF8.GetString(body));
    }
}
