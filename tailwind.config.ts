import { type Config } from 'tailwindcss';

// The palette is replaced, not extended: a class with a raw colour does not exist. Values live in app/tailwind.css.
const role = (name: string) => `var(--${name})`;

const tone = (name: string) => ({
  DEFAULT: role(name),
  soft: role(`${name}-soft`),
  line: role(`${name}-line`),
});

export default {
  content: ['./app/**/*.{ts,tsx}'],
  theme: {
    colors: {
      transparent: 'transparent',
      current: 'currentColor',
      inherit: 'inherit',
      surface: {
        DEFAULT: role('surface'),
        raised: role('surface-raised'),
        sunken: role('surface-sunken'),
        hover: role('surface-hover'),
        inverse: role('surface-inverse'),
      },
      line: { DEFAULT: role('line'), strong: role('line-strong'), control: role('line-control') },
      text: {
        DEFAULT: role('text'),
        muted: role('text-muted'),
        inverse: role('text-inverse'),
      },
      accent: {
        DEFAULT: role('accent'),
        hover: role('accent-hover'),
        soft: role('accent-soft'),
        line: role('accent-line'),
        text: role('accent-text'),
        on: role('accent-on'),
      },
      ok: tone('ok'),
      warn: tone('warn'),
      bad: {
        ...tone('bad'),
        solid: role('bad-solid'),
        'solid-hover': role('bad-solid-hover'),
        on: role('bad-on'),
      },
      info: tone('info'),
      idle: tone('idle'),
      backdrop: role('backdrop'),
    },
    borderRadius: { none: '0', DEFAULT: 'var(--radius)', full: '9999px' },
    boxShadow: { none: 'none', float: 'var(--shadow-float)', card: 'var(--shadow-card)' },
    fontFamily: {
      sans: ['"Inter Variable"', '"Inter Fallback"', 'system-ui', 'sans-serif'],
      mono: [
        'ui-monospace',
        'SFMono-Regular',
        '"SF Mono"',
        'Menlo',
        'Consolas',
        '"Liberation Mono"',
        'monospace',
      ],
    },
    fontSize: {
      '2xs': ['0.6875rem', { lineHeight: '1rem' }],
      xs: ['0.75rem', { lineHeight: '1rem' }],
      sm: ['0.8125rem', { lineHeight: '1.25rem' }],
      base: ['0.9375rem', { lineHeight: '1.5rem' }],
      lg: ['1.0625rem', { lineHeight: '1.5rem', letterSpacing: '-0.01em' }],
      xl: ['1.25rem', { lineHeight: '1.75rem', letterSpacing: '-0.015em' }],
      '2xl': ['1.5rem', { lineHeight: '2rem', letterSpacing: '-0.02em' }],
      '3xl': ['1.875rem', { lineHeight: '2.25rem', letterSpacing: '-0.022em' }],
      '4xl': ['2.5rem', { lineHeight: '2.75rem', letterSpacing: '-0.028em' }],
    },
    transitionDuration: { DEFAULT: '120ms', 100: '100ms', 150: '150ms' },
    extend: {
      maxWidth: { store: '64rem', docs: '88rem', form: '26rem', console: '100rem' },
      keyframes: {
        shimmer: { '0%, 100%': { opacity: '1' }, '50%': { opacity: '0.5' } },
        crawl: {
          '0%': { transform: 'scaleX(0)' },
          '40%': { transform: 'scaleX(0.55)' },
          '100%': { transform: 'scaleX(0.92)' },
        },
        appear: {
          from: { opacity: '0', transform: 'translateY(4px)' },
          to: { opacity: '1', transform: 'none' },
        },
      },
      animation: {
        shimmer: 'shimmer 1.6s ease-in-out infinite',
        crawl: 'crawl 8s cubic-bezier(0.2, 0.8, 0.3, 1) 120ms both',
        appear: 'appear 120ms ease-out',
      },
    },
  },
} satisfies Config;
