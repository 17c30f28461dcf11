namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// Reduces map(x) over every axis on which y has length 1 (and x another). Same rank and element type; x of any layout, y
    /// dense; a single result may have rank 0 instead. The order of combination depends on shape and layout, never on threads.
    /// The sum of bools is the number of true ones where y is int64.
    /// </summary>
    protected internal abstract void Reduce<TMap, TRule>(TMap map, TRule rule, Tensor x, Tensor y)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>;

    /// <summary>
    /// Runs a row operator: up to two folds over each row, then a map of its elements, or of what the folds gave into one number. No row
    /// is empty where the operator has a value of its own over nothing.
    /// </summary>
    protected internal abstract void Rows<TFirst, TSecond, TMap>(TFirst first, TSecond second, TMap map, in RowOperands on)
        where TFirst : unmanaged, IRowFold<TFirst> where TSecond : unmanaged, IRowFold<TSecond> where TMap : unmanaged, IRowMap<TMap>;

    /// <summary>
    /// y[i] = a[i] · y[i − 1] + b[i] along one axis, or from the other end, with the given value before the first. Without a it is a
    /// running sum, without b a running product. All dense; of int64, float32 (computed in float64) and float64.
    /// </summary>
    protected internal abstract void Recur(Tensor? a, Tensor? b, Tensor y, int axis, double initial, bool isReverse);

    /// <summary>
    /// The order (int64) in which the elements of each row (the last axis) rise or fall; equal ones stay in their order, and NaN is
    /// the largest. Of an order with a shorter last axis only so many are wanted, the first ones. Both dense.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="order">The places of their elements.</param>
    /// <param name="isDescending">Whether they fall.</param>
    /// <param name="nanFirst">Whether NaN comes first even where elements rise; then only one place is wanted.</param>
    protected internal abstract void Sort(Tensor x, Tensor order, bool isDescending, bool nanFirst = false);
}
