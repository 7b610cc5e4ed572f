using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestrator.Runtime.Tests.Notifications;

/// <summary>A mail server that takes every message over a connection without encryption, or answers each recipient as the test says.</summary>
internal sealed class SmtpListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _answer;

    public SmtpListener(string answer = "250 taken")
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Envelopes and messages as they came, the last one complete once its sender said goodbye.</summary>
    public List<string> Messages { get; } = [];

    public List<string> Recipients { get; } = [];

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
        using var hold = client;
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync() is { } line)
        {
            var answer = line.Split(' ', ':')[0].ToUpperInvariant() switch
            {
                "RCPT" => Recipient(line),
                "DATA" => await TakeAsync(reader, writer),
                "QUIT" => "221 bye",
                _ => "250 test",
            };
            await writer.WriteLineAsync(answer);
        }
    }

    private string Recipient(string line)
    {
        Recipients.Add(line);
        return _answer;
    }

    private async Task<string> TakeAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("354 go on");
        var lines = new List<string>();
        while (await reader.ReadLineAsync() is { } line && line != ".")
        {
            lines.Add(line);
        }

        Messages.Add(string.Join('\n', lines));
        return "250 taken";
    }
}
