using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Series;

public sealed class SeriesHeadTests
{
    private static readonly Labels A = Labels.Of("m", ("s", "a"));
    private static readonly Labels B = Labels.Of("m", ("s", "b"));

    [Fact]
    public void A_snapshot_does_not_see_what_is_appended_after_it()
    {
        var head = new SeriesHead();
        head.Append(1, [At(A, 10, 1)]);
        var before = head.Snapshot();
        head.Append(2, [At(A, 20, 2), At(B, 20, 3)]);

        Assert.Equal([1], Values(before.Find(A)!));
        Assert.Null(before.Find(B));
        Assert.Equal([1, 2], Values(head.Snapshot().Find(A)!));
        Assert.Equal((1, 2), (before.Watermark, head.Snapshot().Watermark));
    }

    [Fact]
    public void A_late_sample_takes_its_place_and_a_second_one_at_an_instant_is_left_out()
    {
        var head = new SeriesHead();
        var first = head.Append(1, [At(A, 10, 1), At(A, 30, 3), At(A, 20, 2), At(A, 10, 9)]);

        Assert.Equal(new Appended(3, 1, 1), first);
        Assert.Equal([10, 20, 30], head.Snapshot().Find(A)!.Samples.Select(sample => sample.Time));
        Assert.Equal([1, 2, 3], Values(head.Snapshot().Find(A)!));
    }

    [Theory]
    [InlineData(10, 20, 30)]
    [InlineData(30, 10, 20)]
    [InlineData(20, 20, 40)]
    [InlineData(5, 5, 1)]
    public void Samples_of_a_series_that_are_taken_in_together_are_as_if_they_came_one_by_one(int first, int second, int third)
    {
        var (together, single) = (new SeriesHead(), new SeriesHead());
        foreach (var head in new[] { together, single })
        {
            head.Append(1, [At(A, 15, 1), At(A, 25, 2)]);
        }

        Sample[] samples = [new(first, 7, 0, 1, 2), new(second, 8, 50, 2, 2), new(third, 9, 60, 3, 3)];
        together.Add(3, A, samples);
        together.Add(3, B, samples);
        foreach (var labels in new[] { A, B })
        {
            foreach (var sample in samples.OrderBy(sample => sample.Batch))
            {
                single.Append(Math.Max(sample.Batch, single.Watermark), [new(labels, sample)]);
            }
        }

        Assert.Equal(3, together.Watermark);
        Assert.Equal(Kept(single, A), Kept(together, A));
        Assert.Equal(Kept(single, B), Kept(together, B));

        static IEnumerable<(long, double, long, int)> Kept(SeriesHead head, Labels labels) =>
            head.Snapshot().Find(labels)!.Samples.Select(sample => (sample.Time, sample.Value, sample.ValidUntil, sample.Rows));
    }

    [Fact]
    public void A_snapshot_up_to_a_batch_is_what_it_was_after_that_batch()
    {
        var head = new SeriesHead();
        head.Append(1, [At(A, 30, 3)]);
        head.Append(2, [At(A, 10, 1), At(B, 30, 4)]);
        head.Append(3, [At(A, 20, 2)]);

        var then = head.Snapshot().UpTo(2);
        Assert.Equal([1, 3], Values(then.Find(A)!));
        Assert.Equal([4], Values(then.Find(B)!));
        Assert.Equal([3], Values(then.UpTo(1).Find(A)!));
        Assert.Equal(0, then.UpTo(1).Find(B)!.Count);
        Assert.Equal(2, then.Watermark);
    }

    [Fact]
    public void Batches_do_not_go_back()
    {
        var head = new SeriesHead();
        head.Append(2, []);
        Assert.Throws<ArgumentOutOfRangeException>(() => head.Append(1, []));
    }

    [Fact]
    public void An_old_version_of_a_series_can_grow_without_touching_a_newer_one()
    {
        var one = SeriesPoints.Of(A, [new Sample(10, 1)]);
        var two = one.With(new Sample(20, 2))!;
        var other = one.With(new Sample(30, 3))!;

        Assert.Equal([1, 2], Values(two));
        Assert.Equal([1, 3], Values(other));
        Assert.Equal([1], Values(one));
    }

    [Fact]
    public void Series_are_selected_by_all_matchers_in_the_order_of_their_labels()
    {
        var snapshot = SeriesSnapshot.Of([At(B, 10, 1), At(A, 10, 1), At(Labels.Of("n", ("s", "a")), 10, 1)]);

        Assert.Equal([A, B], Selected(snapshot, Matcher.Of(Labels.NameLabel, MatchOp.Equal, "m")));
        Assert.Equal([B], Selected(snapshot, Matcher.Of(Labels.NameLabel, MatchOp.Equal, "m"), Matcher.Of("s", MatchOp.NotEqual, "a")));
        Assert.Equal([A, B, Labels.Of("n", ("s", "a"))], Selected(snapshot, Matcher.Of("absent", MatchOp.Equal, "")));
        Assert.Empty(Selected(snapshot, Matcher.Of("s", MatchOp.Regex, "a|b"), Matcher.Of("s", MatchOp.NotRegex, "[ab]")));
    }

    [Fact]
    public void Samples_laid_over_a_snapshot_are_seen_with_the_history_below()
    {
        var head = new SeriesHead();
        head.Append(1, [At(A, 10, 1)]);
        var below = head.Snapshot();
        var above = below.With([At(A, 20, 2), At(B, 20, 3)]);

        Assert.Equal([1, 2], Values(above.Find(A)!));
        Assert.Equal([A, B], Selected(above, Matcher.Of(Labels.NameLabel, MatchOp.Equal, "m")));
        Assert.Equal([1], Values(below.Find(A)!));
    }

    [Fact]
    public void Old_samples_can_be_forgotten()
    {
        var head = new SeriesHead();
        head.Append(1, [At(A, 10, 1), At(A, 20, 2), At(B, 10, 3)]);
        head.DropBefore(20);
        head.Append(2, [At(B, 30, 4)]);

        Assert.Equal([2], Values(head.Snapshot().Find(A)!));
        Assert.Equal([4], Values(head.Snapshot().Find(B)!));
        Assert.Equal(2, head.SeriesCount);
    }

    private static LabelledSample At(Labels labels, long time, double value) => new(labels, new Sample(time, value));

    private static IEnumerable<double> Values(SeriesPoints points) => points.Samples.Select(sample => sample.Value);

    private static IEnumerable<Labels> Selected(SeriesSnapshot snapshot, params Matcher[] matchers) =>
        snapshot.Select(matchers).Select(points => points.Labels);
}
