using Microsoft.Extensions.Time.Testing;
using Orchestrator.Server.Access;

namespace Orchestrator.EndToEnd.Tests.Access;

public sealed class SignInAttemptTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public void The_sixth_wrong_password_of_a_person_from_an_address_waits_for_the_rest_of_a_quarter_of_an_hour()
    {
        var attempts = new SignInAttempts(_clock);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            Assert.Null(attempts.Begin("ann", "192.0.2.1"));
        }

        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(TimeSpan.FromMinutes(11), attempts.Begin("ann", "192.0.2.1"));
        Assert.Null(attempts.Begin("ann", "192.0.2.2"));
        Assert.Null(attempts.Begin("bob", "192.0.2.1"));
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(attempts.Begin("ann", "192.0.2.1"));
    }

    [Fact]
    public void A_right_password_makes_the_wrong_ones_before_it_be_forgotten()
    {
        var attempts = new SignInAttempts(_clock);
        for (var round = 1; round <= 200; round++)
        {
            Assert.Null(attempts.Begin("ann", "192.0.2.1"));
            attempts.Succeed("ann", "192.0.2.1");
        }
    }

    [Fact]
    public void One_address_cannot_try_one_password_on_everybody()
    {
        var attempts = new SignInAttempts(_clock);
        var refused = Enumerable.Range(1, 60).Count(person => attempts.Begin($"person {person}", "192.0.2.1") is not null);
        Assert.Equal(10, refused);
    }

    [Fact]
    public void Many_addresses_cannot_try_on_one_person()
    {
        var attempts = new SignInAttempts(_clock);
        var refused = Enumerable.Range(1, 150).Count(address => attempts.Begin("ann", $"192.0.2.{address}") is not null);
        Assert.Equal(50, refused);
    }
}
