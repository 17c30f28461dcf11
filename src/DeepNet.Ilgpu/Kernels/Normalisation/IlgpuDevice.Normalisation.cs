namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    protected internal override void Normalize(
        Tensor x, NormLayout at, Tensor? weight, Tensor? bias, double epsilon, Tensor y, Tensor mean, Tensor variance)
    {
        if (x.DType == DType.Float32) Normalize<GpuFloat, float>(x, at, weight, bias, (float)epsilon, at.Size, y, mean, variance);
        else Normalize<GpuDouble, double>(x, at, weight, bias, epsilon, at.Size, y, mean, variance);
        Tensor.KeepAlive(x, weight, bias, y, mean, variance);
    }

    private void Normalize<V, T>(
        Tensor x, NormLayout at, Tensor? weight, Tensor? bias, T epsilon, T size, Tensor y, Tensor mean, Tensor variance)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int isCentered = at.IsCentered ? 1 : 0, isPerElement = at.IsPerElement ? 1 : 0, hasWeight = weight is null ? 0
            : 1, hasBias = bias is null ? 0 : 1;
        ArrayView<T> from = View<T>(x), weights = View<T>(weight ?? x), biases = View<T>(bias ?? x);
        if (at.Outer == 1)
        {
            var share = PartitionOf(at.Groups, at.Size, x, y, weight ?? x, bias ?? x);
            RunRows(new NormalizeRowsJob<V, T>
            {
                X = from, Y = View<T>(y), Weight = weights, Bias = biases, Mean = View<T>(mean), Variance = View<T>(variance),
                Share = share,
                Size = size, Epsilon = epsilon, IsCentered = isCentered, IsPerElement = isPerElement, HasWeight = hasWeight,
                HasBias = hasBias,
            }, share);
        }
        else if (TryPieces(at, out var pieces))
            NormalizeChannels<V, T>(x, at, pieces, weight, bias, epsilon, y, mean, variance);
        else
            RunGroups(new NormalizeJob<V, T>
            {
                X = from, Y = View<T>(y), Weight = weights, Bias = biases, Mean = View<T>(mean), Variance = View<T>(variance),
                Place = new(at),
                Size = size, Epsilon = epsilon, IsCentered = isCentered, HasWeight = hasWeight, HasBias = hasBias,
            }, at.Groups);
    }

    protected internal override void NormalizeBackward(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, double epsilon, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight,
        Tensor? dbias)
    {
        if (x.DType == DType.Float32)
            NormalizeBackward<GpuFloat, float>(x, g, at, weight, (float)epsilon, at.Size, mean, variance, dx, dweight, dbias);
        else NormalizeBackward<GpuDouble, double>(x, g, at, weight, epsilon, at.Size, mean, variance, dx, dweight, dbias);
        Tensor.KeepAlive(x, g, weight, mean, variance, dx, dweight, dbias);
    }

    private void NormalizeBackward<V, T>(
        Tensor x, Tensor g, NormLayout at, Tensor? weight, T epsilon, T size, Tensor mean, Tensor variance, Tensor? dx, Tensor? dweight,
        Tensor? dbias)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        // Before dx is written, which may be g.
        if (at.IsPerElement && (dweight is not null || dbias is not null))
        {
            _ = Accelerator;
            var plan = ColumnPlan.Of(1, at.Groups, at.Inner, GroupSize, Processors);
            Tensor? weights = plan.Blocks == 1 ? dweight : Temporary(x.DType, (int)plan.Blocks, at.Inner), biases = plan.Blocks == 1
                ? dbias : Temporary(x.DType, (int)plan.Blocks, at.Inner);
            RunGroups(new NormWeightJob<V, T>
            {
                X = View<T>(x), G = View<T>(g), Mean = View<T>(mean), Variance = View<T>(variance), Dweight = View<T>(weights ?? g),
                Dbias = View<T>(biases ?? g), Tiles = plan.Tiles,
                Rows = at.Groups, Length = at.Inner, Block = plan.Block, Epsilon = epsilon, Across = plan.Across,
                WantsWeight = dweight is null ? 0 : 1, WantsBias = dbias is null ? 0 : 1,
            }, plan.Tiles * plan.Blocks);
            if (plan.Blocks > 1)
            {
                if (dweight is not null) Reduce(new Identity(), new AddUp(), weights!, dweight.Detach().Reshape(1, at.Inner));
                if (dbias is not null) Reduce(new Identity(), new AddUp(), biases!, dbias.Detach().Reshape(1, at.Inner));
                Done(weights);
                Done(biases);
            }
        }
        if (dx is null && at.IsPerElement) return;
        int isCentered = at.IsCentered ? 1 : 0, isPerElement = at.IsPerElement ? 1 : 0, hasWeight = weight is null ? 0 : 1;
        int wantsX = dx is null ? 0 : 1, wantsWeight = dweight is null ? 0 : 1, wantsBias = dbias is null ? 0 : 1;
        ArrayView<T> from = View<T>(x), gradients = View<T>(g), to = View<T>(dx ?? g);
        if (at.Outer == 1)
        {
            var share = PartitionOf(at.Groups, at.Size, x, g, weight ?? x, dx ?? g);
            RunRows(new NormalizeRowsBackwardJob<V, T>
            {
                X = from, G = gradients, Weight = View<T>(weight ?? x), Mean = View<T>(mean), Variance = View<T>(variance), Dx = to,
                Dweight = View<T>(dweight ?? g), Dbias = View<T>(dbias ?? g),
                Share = share, Size = size, Epsilon = epsilon, IsCentered = isCentered, IsPerElement = isPerElement,
                HasWeight = hasWeight, WantsX = wantsX, WantsWeight = wantsWeight, WantsBias = wantsBias,
            }, share);
        }
        else if (TryPieces(at, out var pieces))
            NormalizeChannelsBackward<V, T>(x, g, at, pieces, weight, epsilon, size, mean, variance, dx, dweight, dbias);
        else
            RunGroups(new NormalizeBackwardJob<V, T>
            {
                X = from, G = gradients, Weight = View<T>(weight ?? x), Mean = View<T>(mean), Variance = View<T>(variance), Dx = to,
                Dweight = View<T>(dweight ?? g), Dbias = View<T>(dbias ?? g),
                Place = new(at), Size = size, Epsilon = epsilon, IsCentered = isCentered,
                HasWeight = hasWeight, WantsX = wantsX, WantsWeight = wantsWeight, WantsBias = wantsBias,
            }, at.Groups);
    }

    // Elements of a channel that one group does by itself rather than wait for two more launches.
    private const int SmallChannel = 1 << 12;

    /// <summary>
    /// Cuts large channels into pieces, so many that they fill the device. A matter of sizes and device alone, so that results repeat.
    /// </summary>
    private bool TryPieces(in NormLayout at, out NormPieces pieces)
    {
        pieces = default;
        _ = Accelerator;
        if (at.Size <= (GroupSize > 2 ? SmallChannel : 8) || at.Inner >= 1 << 30) return false;
        long most = Math.Max(1, Math.Min(at.Size / (4L * GroupSize), 8L * Processors / at.Groups)),
            each = Math.Max(1, (at.Outer + most - 1) / most);
        pieces = new(at, Math.Min(each, Math.Max(1, (1 << 30) / at.Inner)));
        return true;
    }

    private static T AsNumber<T>(int value) where T : unmanaged
        => typeof(T) == typeof(float) ? (T)(object)(float)value : (T)(object)(double)value;

    private void NormalizeChannels<V, T>(
        Tensor x, in NormLayout at, in NormPieces pieces, Tensor? weight, Tensor? bias, T epsilon, Tensor y, Tensor mean, Tensor variance)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int groups = checked((int)pieces.Count.Value * at.Groups);
        var sizes = new PieceSizes<T>
        {
            Full = AsNumber<T>(pieces.Elements(0)),
            Last = AsNumber<T>(pieces.Elements(pieces.Count.Value - 1))
        };
        Tensor means = Temporary(x.DType, groups), squares = Temporary(x.DType, groups);
        RunGroups(new NormPiecesJob<V, T>
        {
            X = View<T>(x), Means = View<T>(means), Squares = View<T>(squares), Pieces = pieces,
            Sizes = sizes, IsCentered = at.IsCentered ? 1 : 0
        }, groups);
        Run(new NormMomentsJob<V, T>
        {
            Means = View<T>(means), Squares = View<T>(squares), Mean = View<T>(mean),
            Variance = View<T>(variance), Pieces = pieces, Sizes = sizes
        }, at.Groups);
        RunWide(new NormApplyJob<V, T>
        {
            X = View<T>(x), Y = View<T>(y), Weight = View<T>(weight ?? x), Bias = View<T>(bias ?? x), Mean = View<T>(mean),
            Variance = View<T>(variance), Pieces = pieces,
            Epsilon = epsilon, HasWeight = weight is null ? 0 : 1, HasBias = bias is null ? 0 : 1,
        }, x.Count, (at.Inner & 3) == 0 && IsAligned(x) && IsAligned(y));
        Done(squares);
        Done(means);
    }

    private void NormalizeChannelsBackward<V, T>(
        Tensor x, Tensor g, in NormLayout at, in NormPieces pieces, Tensor? weight, T epsilon, T size, Tensor mean, Tensor variance,
        Tensor? dx, Tensor? dweight, Tensor? dbias)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int groups = checked((int)pieces.Count.Value * at.Groups), hasWeight = weight is null ? 0 : 1;
        Tensor plain = Temporary(x.DType, groups), along = Temporary(x.DType, groups);
        RunGroups(new NormSumsJob<V, T>
        {
            X = View<T>(x), G = View<T>(g), Mean = View<T>(mean), Plain = View<T>(plain),
            Along = View<T>(along), Pieces = pieces
        }, groups);
        Run(new NormGradientsJob<V, T>
        {
            Plain = View<T>(plain), Along = View<T>(along), Weight = View<T>(weight ?? x), Variance = View<T>(variance),
            Dweight = View<T>(dweight ?? plain), Dbias = View<T>(dbias ?? plain),
            Pieces = pieces, Size = size, Epsilon = epsilon, IsCentered = at.IsCentered ? 1
                : 0, HasWeight = hasWeight, WantsWeight = dweight is null ? 0 : 1, WantsBias = dbias is null ? 0 : 1,
        }, at.Groups);
        if (dx is not null)
            RunWide(new NormSlopesJob<V, T>
            {
                X = View<T>(x), G = View<T>(g), Dx = View<T>(dx), Weight = View<T>(weight ?? x), Mean = View<T>(mean),
                Variance = View<T>(variance), Shift = View<T>(plain), Turn = View<T>(along),
                Pieces = pieces, Epsilon = epsilon, HasWeight = hasWeight,
            }, x.Count, (at.Inner & 3) == 0 && IsAligned(x) && IsAligned(g) && IsAligned(dx));
        Done(along);
        Done(plain);
    }
}
