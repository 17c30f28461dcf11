using System.Globalization;

namespace DeepNet.Tests.Printing;

/// <summary>The expected texts are those of NumPy, but for the element type and shape at the end.</summary>
public sealed class PrintingTests
{
    private static void Prints(string expected, Tensor tensor) => Assert.Equal(expected.ReplaceLineEndings("\n"), tensor.ToString());

    [Fact]
    public void Fractions_align_at_the_point()
    {
        Prints("[1.        2.5       3.1415927]", Tensor.From(1f, 2.5f, 3.14159274f));
        Prints("[1. 2. 3.]", Tensor.From(1f, 2, 3));
        Prints("[ 0. -0.]", Tensor.From(0f, -0f));
        Prints("[-1.   0.1 10. ]", Tensor.From(-1f, 0.1f, 10));
        Prints("[12345.678    99.5  ]", Tensor.From(12345.678f, 99.5f));
        Prints("[ 0.33333333  0.66666667 10.        ] float64", Tensor.From(1.0 / 3, 2.0 / 3, 10));
    }

    [Fact]
    public void Wide_ranges_are_scientific()
    {
        Prints("[1.e-05 1.e+00]", Tensor.From(1e-5f, 1));
        Prints("[ 1.e+10 -1.e+00]", Tensor.From(1e10f, -1));
        Prints("[1.e-01 1.e+03]", Tensor.From(0.1f, 1000));
        Prints("[ 1.0e-30  1.0e+30 -2.5e+00]", Tensor.From(1e-30f, 1e30f, -2.5f));
        Prints("[1.00000000e-200 1.00000000e+200 3.33333333e-001] float64", Tensor.From(1e-200, 1e200, 1.0 / 3));
    }

    [Fact]
    public void What_is_not_a_number_takes_part_in_the_alignment()
    {
        Prints("[ nan  inf -inf  1.5]", Tensor.From(float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1.5f));
        Prints("[nan inf]", Tensor.From(float.NaN, float.PositiveInfinity));
        Prints("[   nan 1.e-10 3.e+00]", Tensor.From(float.NaN, 1e-10f, 3));
    }

    [Fact]
    public void Integers_bools_and_half_types()
    {
        Prints("[  1 -20 300]", Tensor.From(1L, -20, 300));
        Prints("[  1 -20 300] int32", Tensor.From(1, -20, 300));
        Prints("[9223372036854775807]", Tensor.From(long.MaxValue));
        Prints("[ True False]", Tensor.From(true, false));
        Prints("[ True  True]", Tensor.From(true, true));
        Prints("[0.1 2.5] float16", Tensor.From((Half)0.1, (Half)2.5));
        Prints("[1.5] bfloat16", Tensor.From((BFloat16)1.5f));
    }

    [Fact]
    public void Single_numbers_stand_alone()
    {
        Prints("1.0", Tensor.FromScalar(1f));
        Prints("3.1415927", Tensor.FromScalar(3.1415927f));
        Prints("1e-05", Tensor.FromScalar(1e-5f));
        Prints("1e+20", Tensor.FromScalar(1e20f));
        Prints("123456790.0", Tensor.FromScalar(123456789f));
        Prints("-0.0", Tensor.FromScalar(-0f));
        Prints("nan", Tensor.FromScalar(float.NaN));
        Prints("5", Tensor.FromScalar(5));
        Prints("True", Tensor.FromScalar(true));
        Prints("0.1 float64", Tensor.FromScalar(0.1, DType.Float64));
    }

    [Fact]
    public void Axes_nest_and_blank_lines_part_matrices()
    {
        Prints("[[0. 0. 0.]\n [0. 0. 0.]]", Tensor.Zeros(2, 3));
        Prints("[[[1. 1.]]\n\n [[1. 1.]]]", Tensor.Ones(2, 1, 2));
        Prints("[[0 3]\n [1 4]\n [2 5]]", Tensor.Arange(6).Reshape(2, 3).T);
    }

    [Fact]
    public void Nothing_says_its_shape()
    {
        Prints("[] shape (0,)", Tensor.Zeros(0));
        Prints("[] shape (2, 0, 3) int32", Tensor.Zeros(new Shape(2, 0, 3), DType.Int32));
    }

    [Fact]
    public void Long_rows_wrap()
    {
        Prints(
            """
            [[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
              24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39]]
            """, Tensor.Arange(40).Reshape(1, 40));
        Prints(
            """
            [0.         0.14285715 0.2857143  0.42857143 0.5714286  0.71428573
             0.85714287 1.         1.1428572  1.2857143 ]
            """, Tensor.Arange(10f) / 7);
    }

    [Fact]
    public void Many_elements_are_shortened()
    {
        Prints("[   0.    1.    2. ...  998.  999. 1000.] shape (1001,)", Tensor.Arange(1001f));
        Prints(
            """
            [[   0    1    2 ...  997  998  999]
             [1000 1001 1002 ... 1997 1998 1999]] shape (2, 1000)
            """, Tensor.Arange(2000).Reshape(2, 1000));
        Prints(
            """
            [[[0. 0.]
              [0. 0.]]

             [[0. 0.]
              [0. 0.]]

             [[0. 0.]
              [0. 0.]]

             ...

             [[0. 0.]
              [0. 0.]]

             [[0. 0.]
              [0. 0.]]

             [[0. 0.]
              [0. 0.]]] shape (500, 2, 2)
            """, Tensor.Zeros(500, 2, 2));
    }

    [Fact]
    public void Options_set_precision_width_and_threshold()
    {
        var x = Tensor.Arange(10f) / 7;
        Assert.Equal(
            "[0.    0.143 0.286 ... 1.    1.143 1.286] shape (10,)", x.ToString(new PrintOptions { Precision = 3, Threshold = 5 }));
        Assert.Equal("[0. ... 1.] shape (10,)", x.ToString(new PrintOptions { Precision = 0, Threshold = 5, EdgeItems = 1 }));
        Assert.Equal("[1\n 2\n 3]", Tensor.From(1L, 2, 3).ToString(new PrintOptions { LineWidth = 1 }));
    }

    [Fact]
    public void Formats_and_cultures_apply_to_each_element()
    {
        var comma = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };
        var x = Tensor.From(1f, -2.5f, 1234.5f);
        Assert.Equal("[   1.00   -2.50 1234.50]", x.ToString("F2"));
        Assert.Equal("[   1.00   -2.50 1234.50]", $"{x:F2}");
        Assert.Equal("[   1,00   -2,50 1234,50]", x.ToString("F2", comma));
        Assert.Equal("[ 1,0000e+00 -2,5000e+00  1,2345e+03]", x.ToString(null, comma));
        Assert.Equal("[001 255]", Tensor.From(1L, 255).ToString("D3"));
        Assert.Equal(x.ToString(), $"{x}");
    }

    [Fact]
    public void The_current_culture_does_not_matter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("")
            {
                NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NegativeSign = "~" },
            };
            Prints("[-1.5  2. ]", Tensor.From(-1.5f, 2));
            Prints("[-1  2]", Tensor.From(-1L, 2));
            Assert.Equal("[-1.50  2.00]", $"{Tensor.From(-1.5f, 2):F2}");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
