namespace DeepNet.Ilgpu;

// A scan along an axis is a chain: where there are too few columns to fill the device, each is cut into pieces. What a piece does to what
// enters it is a factor and a summand; from those follows what enters each, and all pieces run at once. Where cuts lie is a matter of sizes
// alone, so results repeat.
internal sealed partial class IlgpuDevice
{
    // Columns that fill a device by themselves; steps worth cutting; steps of a piece.
    private const int ManyColumns = 1 << 15, LongAxis = 512, LeastPiece = 64, MostScanPieces = 1024;

    protected internal override void Recur(Tensor? a, Tensor? b, Tensor y, int axis, double initial, bool isReverse)
    {
        if (y.Count == 0) return;
        var at = AlongAxis.Of(y.Shape, axis);
        // A product of doubles may overflow though what it is multiplied with would have kept it small, so those are not cut.
        long pieces = a is not null && y.DType == DType.Float64 ? 1 : ScanPieces(at.Length, at.Outer * at.Inner);
        var place = new ScanPlace
        {
            Length = at.Length, Inner = at.Inner, Each = (at.Length + pieces - 1) / pieces, HasA = a is null ? 0 : 1, HasB = b is null ? 0
                : 1, IsReverse = isReverse ? 1 : 0,
        };
        place.Pieces = (at.Length + place.Each - 1) / place.Each;
        switch (y.DType)
        {
            case DType.Float32: Recur<SingleOnGpu, float>(a, b, y, place, at.Outer * at.Inner, initial); break;
            case DType.Float64: Recur<DoubleOnGpu, double>(a, b, y, place, at.Outer * at.Inner, initial); break;
            case DType.Int64: RecurWhole(a, b, y, place, at.Outer * at.Inner, (long)initial); break;
            default: throw Unsupported("recurrence", y.DType);
        }
        Tensor.KeepAlive(a, b, y);
    }

    /// <summary>Into how many pieces an axis is cut.</summary>
    internal static long ScanPieces(long length, long columns)
        => length < LongAxis || columns >= ManyColumns ? 1
        : Math.Clamp(Math.Min(length / LeastPiece, ManyColumns / columns), 1, MostScanPieces);

    private void Recur<TElement, T>(Tensor? a, Tensor? b, Tensor y, ScanPlace place, long columns, double initial)
        where TElement : unmanaged, IGpuElement<T> where T : unmanaged
    {
        Tensor? factors = null, summands = null;
        long threads = columns * place.Pieces;
        if (place.Pieces > 1)
        {
            (factors, summands) = (Temporary(DType.Float64, checked((int)threads)), Temporary(DType.Float64, (int)threads));
            Run(new ScanPiecesJob<TElement, T>
            {
                A = View<T>(a ?? y), B = View<T>(b ?? y), Factors = View<double>(factors),
                Summands = View<double>(summands), Place = place
            }, threads);
            Run(new ScanEntriesJob
            {
                Factors = View<double>(factors), Summands = View<double>(summands), Pieces = place.Pieces,
                Initial = initial
            }, columns);
        }
        var result = View<T>(y);
        Run(new ScanJob<TElement, T>
        {
            A = a is null ? result : View<T>(a), B = b is null ? result : View<T>(b), Y = result, Entries = summands is null ? default
                : View<double>(summands), Place = place,
            Initial = initial, HasEntries = summands is null ? 0 : 1,
        }, threads);
        Done(factors);
        Done(summands);
    }

    private void RecurWhole(Tensor? a, Tensor? b, Tensor y, ScanPlace place, long columns, long initial)
    {
        Tensor? factors = null, summands = null;
        long threads = columns * place.Pieces;
        if (place.Pieces > 1)
        {
            (factors, summands) = (Temporary(DType.Int64, checked((int)threads)), Temporary(DType.Int64, (int)threads));
            Run(new ScanWholePiecesJob
            {
                A = View<long>(a ?? y), B = View<long>(b ?? y), Factors = View<long>(factors),
                Summands = View<long>(summands), Place = place
            }, threads);
            Run(new ScanWholeEntriesJob
            {
                Factors = View<long>(factors), Summands = View<long>(summands), Pieces = place.Pieces,
                Initial = initial
            }, columns);
        }
        var result = View<long>(y);
        Run(new ScanWholeJob
        {
            A = a is null ? result : View<long>(a), B = b is null ? result : View<long>(b), Y = result, Entries = summands is null ? result
                : View<long>(summands), Place = place,
            Initial = initial, HasEntries = summands is null ? 0 : 1,
        }, threads);
        Done(factors);
        Done(summands);
    }
}
