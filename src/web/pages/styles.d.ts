/** The bundler turns these imports into main.css. */
declare module '*.css';
