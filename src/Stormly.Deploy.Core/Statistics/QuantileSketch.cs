namespace Stormly.Deploy.Statistics;

/// <summary>
/// Quantiles of a stream of numbers in bounded memory, without chance: numbers lie on levels, one of level h stands for 2^h of them, and a level that is full is sorted
/// and hands every second number up. Each such step moves the rank of any number by 2^h at most, and the steps are counted, so the sketch knows its own error. After n
/// numbers it is below n·(log2(n/width)+1)/width, and mostly far below, because the steps take odd and even places by turns. Not for several threads at once.
/// </summary>
internal sealed class QuantileSketch(int width)
{
    private readonly List<Level> _levels = [];

    /// <summary>How many numbers were added, as they count now.</summary>
    public long Total { get; private set; }

    /// <summary>By how much the rank of a number may be wrong, at most.</summary>
    public long MaxRankError { get; private set; }

    /// <summary>What it takes, as counted.</summary>
    public long Bytes => _levels.Count * LevelBytes(width);

    /// <summary>What a level of a width takes.</summary>
    public static long LevelBytes(int width) => (width * (long)sizeof(double)) + 64;

    /// <summary>Adds a number.</summary>
    /// <param name="number">Not NaN.</param>
    public void Add(double number)
    {
        Total++;
        Push(0, number);
    }

    /// <summary>Lets everything so far count half: every level becomes the one below it.</summary>
    public void Halve()
    {
        if (_levels.Count == 0)
        {
            return;
        }

        if (_levels.Count > 1 && _levels[1].Count + (_levels[0].Count / 2) >= width)
        {
            Compact(1);
        }

        Compact(0);
        MaxRankError = (MaxRankError / 2) + 1;
        _levels.RemoveAt(0);
        Total = _levels.Select((level, h) => (long)level.Count << h).Sum();
    }

    /// <summary>The number below which a part of all lies.</summary>
    /// <param name="part">0 to 1.</param>
    /// <returns>A number that was added; NaN where there is none.</returns>
    public double Quantile(double part)
    {
        var weighed = Read().OrderBy(n => n.Number).ToList();
        var rank = Math.Max(1, (long)Math.Ceiling(part * weighed.Sum(n => n.Weight)));
        foreach (var (number, weight) in weighed)
        {
            rank -= weight;
            if (rank <= 0)
            {
                return number;
            }
        }

        return double.NaN;
    }

    /// <summary>What it holds: numbers, and how many each stands for.</summary>
    public IEnumerable<(double Number, long Weight)> Read() => _levels.SelectMany((level, h) => level.Numbers.Take(level.Count).Select(n => (n, 1L << h)));

    /// <summary>What lies on each level.</summary>
    public IReadOnlyList<double[]> ReadLevels() => [.. _levels.Select(level => level.Numbers[..level.Count])];

    /// <summary>Goes on from what was read before.</summary>
    /// <param name="error">The error so far.</param>
    /// <param name="levels">The numbers of each level; too many on one are handed up.</param>
    public void Restore(long error, IEnumerable<IReadOnlyList<double>> levels)
    {
        MaxRankError = error;
        foreach (var (numbers, h) in levels.Select((n, i) => (n, i)))
        {
            Total += (long)numbers.Count << h;
            foreach (var number in numbers)
            {
                Push(h, number);
            }
        }
    }

    private void Push(int h, double number)
    {
        while (_levels.Count <= h)
        {
            _levels.Add(new Level(width));
        }

        var level = _levels[h];
        level.Numbers[level.Count++] = number;
        if (level.Count == width)
        {
            Compact(h);
        }
    }

    private void Compact(int h)
    {
        var level = _levels[h];
        var pairs = level.Count / 2;
        var from = level.Odd ? 1 : 0;
        level.Odd = !level.Odd;
        Array.Sort(level.Numbers, 0, level.Count);
        var taken = new double[pairs];
        for (var i = 0; i < pairs; i++)
        {
            taken[i] = level.Numbers[(2 * i) + from];
        }

        level.Numbers[0] = level.Numbers[Math.Max(0, level.Count - 1)];
        level.Count -= 2 * pairs;
        MaxRankError += pairs > 0 ? 1L << h : 0;
        if (_levels.Count == h + 1)
        {
            _levels.Add(new Level(width));
        }

        foreach (var number in taken)
        {
            Push(h + 1, number);
        }
    }

    private sealed class Level(int width)
    {
        public double[] Numbers { get; } = new double[width];

        public int Count { get; set; }

        /// <summary>Which places the next step takes.</summary>
        public bool Odd { get; set; }
    }
}
