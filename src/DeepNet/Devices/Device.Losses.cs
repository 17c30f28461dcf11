using DeepNet.Ops;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// number = the mean of x, of which there may be none: then it is NaN. Where a number says how many count, the sum is divided by that.
    /// </summary>
    internal virtual void Mean(Tensor x, Tensor? counted, Tensor number)
    {
        Reduce(new Identity(), new AddUp(), x, number);
        if (counted is null) Map(new WithRight<Div>(default, (double)x.Count), number, number);
        else Zip(new Div(), number, counted, number);
    }
}
