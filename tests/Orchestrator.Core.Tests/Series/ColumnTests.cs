using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Series;

public sealed class ColumnTests
{
    private const int Seed = 20260105;

    public static TheoryData<string, long[]> Integers => new()
    {
        { "nothing", [] },
        { "one", [42] },
        { "constant", [7, 7, 7, 7] },
        { "line", [.. Enumerable.Range(0, 500).Select(i => 1_767_225_600_000_000 + (i * 60_000_000L))] },
        { "line that wraps around", [long.MaxValue - 1, long.MaxValue, long.MinValue, long.MinValue + 1] },
        { "line with a gap", [.. Enumerable.Range(0, 500).Select(i => (i < 250 ? i : i + 9) * 60_000_000L)] },
        { "widest", [long.MinValue, long.MaxValue, 0, -1, 1, long.MinValue, long.MaxValue] },
        { "squares", [.. Enumerable.Range(0, 200).Select(i => (long)i * i)] },
        { "64 and 65 residuals", [.. Enumerable.Range(0, 65).Select(i => i % 3L)] },
        { "every width", [.. Enumerable.Range(0, 64).Select(i => 1L << i)] },
    };

    [Theory]
    [MemberData(nameof(Integers))]
    public void Whole_numbers_come_back(string what, long[] numbers)
    {
        using var writer = new ByteWriter(16);
        IntegerColumn.Write(numbers, writer);
        writer.Byte(99);

        var reader = new ByteReader(writer.Written);
        var read = new long[numbers.Length];
        IntegerColumn.Read(ref reader, read);
        Assert.Equal(numbers, read);
        Assert.True(reader.Byte() == 99, $"{what}: the reader does not stand behind the column");
    }

    [Fact]
    public void Random_whole_numbers_of_every_width_come_back_and_so_does_every_beginning_of_them()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 500; round++)
        {
            var width = random.Next(0, 65);
            var numbers = new long[random.Next(1, 300)];
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = width == 0 ? 0 : random.NextInt64(long.MinValue, long.MaxValue) >> (64 - width);
            }

            using var writer = new ByteWriter(16);
            IntegerColumn.Write(numbers, writer);
            var beginning = new long[random.Next(0, numbers.Length + 1)];
            var reader = new ByteReader(writer.Written);
            IntegerColumn.Read(ref reader, beginning);
            Assert.Equal(numbers[..beginning.Length], beginning);
        }
    }

    [Fact]
    public void A_line_takes_a_few_bytes_whatever_its_length()
    {
        using var writer = new ByteWriter(16);
        IntegerColumn.Write([.. Enumerable.Range(0, 1000).Select(i => 5L + i)], writer);

        Assert.Equal(3, writer.Length); // which kind, 5, 1
    }

    [Fact]
    public void Every_double_comes_back_to_its_last_bit()
    {
        var payload = BitConverter.Int64BitsToDouble(0x7ff800000000beef);
        double[] odd = [0.0, -0.0, 1, -1, 0.1, 1e300, -1e-300, double.Epsilon, double.MaxValue, double.NaN, payload, Sample.Stale, double.PositiveInfinity, double.NegativeInfinity];
        var random = new Random(Seed);
        var shapes = new Func<double>[]
        {
            () => Math.Round(random.NextDouble(), 4), () => random.Next(), random.NextDouble, () => (float)random.NextDouble(), () => odd[random.Next(odd.Length)],
            () => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)), () => Math.Round(random.NextDouble() * 1e6, 2), () => 0.25,
        };
        for (var round = 0; round < 800; round++)
        {
            var shape = shapes[round % shapes.Length];
            var strays = round / shapes.Length % 3; // none, few, many
            double[] numbers = [.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(100) < strays * 3 ? odd[random.Next(odd.Length)] : shape())];
            Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), Back(numbers).Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void Decimals_with_stale_markers_among_them_stay_decimals()
    {
        double[] numbers = [.. Enumerable.Range(0, 512).Select(i => i % 100 == 50 ? Sample.Stale : (9000 + (i % 64)) / 10000.0)];
        using var writer = new ByteWriter(16);
        NumberColumn.Write(numbers, writer);

        Assert.InRange(writer.Length, 1, 512 * 8 / 8 + 120); // 64 different ones are 6 bits, a marker 11 bytes
    }

    [Fact]
    public void Bytes_that_end_too_early_are_a_fault_of_format()
    {
        using var writer = new ByteWriter(16);
        NumberColumn.Write([.. Enumerable.Range(0, 100).Select(i => Math.Sqrt(i))], writer);
        var whole = writer.Written.ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() =>
            {
                var reader = new ByteReader(whole.AsSpan(0, length));
                NumberColumn.Read(ref reader, new double[100]);
            });
        }
    }

    private static double[] Back(double[] numbers)
    {
        using var writer = new ByteWriter(16);
        NumberColumn.Write(numbers, writer);
        var reader = new ByteReader(writer.Written);
        var read = new double[numbers.Length];
        NumberColumn.Read(ref reader, read);
        return read;
    }
}
